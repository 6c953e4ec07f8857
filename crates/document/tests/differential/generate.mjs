// node generate.mjs COUNT SEED FILE: random documents over the toy schema with the reference's answers, one a line.
import { createWriteStream } from 'node:fs';
import { GraphQLNonNull, getNamedType, getNullableType, isAbstractType, isEnumType, isInputObjectType, isListType, isNonNullType, isObjectType, isRequiredArgument, isRequiredInputField } from 'graphql';
import { answer, schema } from './reference.mjs';

const [count, seed, file] = [Number(process.argv[2] ?? 5000), Number(process.argv[3] ?? 1), process.argv[4] ?? 'cases.jsonl'];

let state = seed >>> 0;
function random() {
  state = (state + 0x6d2b79f5) >>> 0;
  let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
}
const chance = (probability) => random() < probability;
const below = (limit) => Math.floor(random() * limit);
const pick = (list) => list[below(list.length)];

const STRINGS = ['a', '', 'é', 'two words', 'x"y', '\n', '😀', '\\', '\u0001'];
const WRONG_LITERALS = ['"text"', '7', '1.5', 'true', 'SMALL', 'WRONG', '[1, "a"]', '{unknown: 1}', 'null', '2147483648', '-2147483649', '$undefined', '{min: 1, min: 2}', '[[[1]]]', '{id: "a", slug: "b"}', '{}', '{id: null}', '99999999999999999999'];
const WRONG_VALUES = ['text', 7, 1.5, true, 'WRONG', [1, 'a'], { unknown: 1 }, null, 2147483648, -2147483649, {}, { id: null }, { id: 'a', slug: 'b' }, [null], [[null]], 9007199254740993];

function stringLiteral(text) {
  if (chance(0.2) && !/["\\\u0001]/.test(text) && text.trim() === text) return chance(0.5) ? `"""${text}"""` : `"""\n    ${text}\n      b\n  """`;
  if (chance(0.1)) return `"\\u00e9\\/${JSON.stringify(text).slice(1, -1)}"`;
  return JSON.stringify(text);
}

class Generator {
  constructor() {
    this.wrong = chance(0.25) ? 0.03 : 0;
    this.variables = [];
    this.fragments = [];
    this.known = new Map();
    this.budget = 45;
  }

  literal(type, depth, constant) {
    if (chance(this.wrong)) return pick(WRONG_LITERALS);
    if (!constant && chance(depth > 0 ? 0.2 : 0.35)) return `$${this.variable(type)}`;
    if (!isNonNullType(type) && chance(0.1)) return 'null';
    const nullable = getNullableType(type);
    if (isListType(nullable)) {
      if (chance(0.2)) return this.literal(new GraphQLNonNull(getNullableType(nullable.ofType)), depth + 1, constant);
      return `[${Array.from({ length: below(3) }, () => this.literal(nullable.ofType, depth + 1, constant)).join(pick([', ', ' ']))}]`;
    }
    if (isEnumType(nullable)) return pick(nullable.getValues()).name;
    if (isInputObjectType(nullable)) return this.objectLiteral(nullable, depth, constant);
    switch (nullable.name) {
      case 'Int': return String(pick([1, 2, 3, 250, 1, 2, 3, 40, chance(0.1) ? -5 : 4]));
      case 'Float': return pick(['1.5', '2', '-0.5', '1e3', '0', '2.25']);
      case 'Boolean': return pick(['true', 'false']);
      case 'ID': return chance(0.3) ? String(below(100)) : stringLiteral(pick(STRINGS));
      default: return stringLiteral(pick(STRINGS));
    }
  }

  objectLiteral(type, depth, constant) {
    const fields = Object.values(type.getFields());
    if (type.isOneOf) {
      const field = pick(fields);
      return `{${field.name}: ${this.literal(new GraphQLNonNull(field.type), depth + 1, constant)}}`;
    }
    const chosen = fields.filter((field) => (isRequiredInputField(field) ? !chance(this.wrong) : chance(depth > 2 ? 0.1 : 0.4)));
    return `{${chosen.map((field) => `${field.name}: ${this.literal(field.type, depth + 1, constant)}`).join(', ')}}`;
  }

  value(type, depth) {
    if (chance(this.wrong)) return pick(WRONG_VALUES);
    if (!isNonNullType(type) && chance(0.1)) return null;
    const nullable = getNullableType(type);
    if (isListType(nullable)) {
      if (chance(0.2)) return this.value(new GraphQLNonNull(getNullableType(nullable.ofType)), depth + 1);
      return Array.from({ length: below(3) }, () => this.value(nullable.ofType, depth + 1));
    }
    if (isEnumType(nullable)) return pick(nullable.getValues()).name;
    if (isInputObjectType(nullable)) {
      let fields = Object.values(nullable.getFields());
      if (nullable.isOneOf) fields = [pick(fields)];
      else fields = fields.filter((field) => isRequiredInputField(field) || chance(depth > 2 ? 0.1 : 0.4));
      return Object.fromEntries(fields.map((field) => [field.name, this.value(nullable.isOneOf ? new GraphQLNonNull(field.type) : field.type, depth + 1)]));
    }
    switch (nullable.name) {
      case 'Int': return pick([1, 2, 3, 250, -5, 0]);
      case 'Float': return pick([1.5, 2, -0.5, 1000]);
      case 'Boolean': return chance(0.5);
      case 'ID': return chance(0.3) ? below(100) : pick(STRINGS);
      default: return pick(STRINGS);
    }
  }

  // A variable for that place: of its type, stricter, or looser with a default.
  variable(type) {
    const text = String(type);
    const usable = this.variables.filter((variable) => variable.type === text || variable.type === `${text}!`);
    if (usable.length > 0 && chance(0.5)) return pick(usable).name;
    const name = `v${this.variables.length}`;
    let declared = type;
    let fallback = null;
    if (!isNonNullType(type) && chance(0.3)) declared = new GraphQLNonNull(type);
    if (isNonNullType(type) && chance(0.3)) {
      declared = type.ofType;
      if (chance(0.8)) fallback = this.literal(type, 1, true);
    } else if (chance(0.25)) fallback = this.literal(declared, 1, true);
    if (chance(this.wrong)) declared = pick(['Int', 'String!', '[Int]', 'Size', 'Unknown', 'Item', 'PartFilter']);
    this.variables.push({ name, type: String(declared), declared: typeof declared === 'string' ? null : declared, fallback });
    return name;
  }

  directives() {
    if (!chance(0.12)) return '';
    const condition = chance(0.5) ? `$${this.variable(new GraphQLNonNull(schema.getType('Boolean')))}` : pick(['true', 'false']);
    const [first, other] = chance(0.5) ? ['skip', 'include'] : ['include', 'skip'];
    const second = chance(0.15) ? ` @${chance(0.02) ? first : other}(if: ${pick(['true', 'false'])})` : '';
    const unknown = chance(this.wrong) ? ' @unknown' : '';
    return ` @${first}(if: ${condition})${second}${unknown}`;
  }

  // A field with its arguments; often one that was selected before, so that selections must be merged.
  field(type, depth) {
    const memory = this.known.get(type.name) ?? [];
    this.known.set(type.name, memory);
    let head = memory.length > 0 && chance(0.4) ? pick(memory) : null;
    if (head === null) {
      const fields = Object.values(type.getFields?.() ?? {});
      const definition = fields.length === 0 || chance(0.08) ? null : pick(fields);
      if (definition === null) return `${chance(0.2) ? 'kind: ' : ''}__typename${this.directives()}`;
      const given = definition.args.filter((argument) => (isRequiredArgument(argument) ? !chance(this.wrong) : chance(0.4)));
      const list = given.map((argument) => `${argument.name}: ${this.literal(argument.type, 0, false)}`);
      if (chance(this.wrong)) list.push(pick(['unknown: 1', list[0] ?? 'x: 1']));
      const args = list.length > 0 ? `(${list.join(', ')})` : '';
      const alias = args !== '' && !chance(this.wrong + 0.02) ? `f${memory.length}${type.name}: ` : chance(0.1) ? 'same: ' : '';
      head = { text: `${alias}${chance(this.wrong) ? 'wrong' : definition.name}${args}`, type: definition.type };
      if (alias !== 'same: ') memory.push(head);
    }
    const named = getNamedType(head.type);
    const nested = isObjectType(named) || isAbstractType(named);
    const selection = nested !== chance(this.wrong) ? ` ${this.selection(nested ? named : type, depth + 1)}` : '';
    return `${head.text}${this.directives()}${selection}`;
  }

  selection(type, depth) {
    const size = depth > 5 || this.budget <= 0 ? 1 : 1 + below(depth === 0 ? 4 : 4);
    const parts = [];
    for (let index = 0; index < size; index += 1) {
      this.budget -= 1;
      if (depth > 5 || this.budget <= 0) parts.push('__typename');
      else if (chance(0.16)) parts.push(this.inline(type, depth));
      else if (chance(0.16)) parts.push(`...${this.fragment(type, depth)}${this.directives()}`);
      else parts.push(this.field(type, depth));
    }
    return `{ ${parts.join(chance(0.1) ? ' # a comment }\n' : pick([' ', '\n', ', ']))} }`;
  }

  // A type that a fragment on `type` may be on.
  condition(type) {
    if (chance(this.wrong)) return pick(['Item', 'Part', 'Query', 'Unknown', 'Size']);
    const possible = isAbstractType(type) ? schema.getPossibleTypes(type) : [type];
    const candidates = [type, ...possible, ...['Node', 'Thing'].map((name) => schema.getType(name)).filter((abstract) => possible.some((one) => schema.isSubType(abstract, one)))];
    return pick(candidates).name;
  }

  inline(type, depth) {
    const bare = chance(0.3);
    const on = bare ? type.name : this.condition(type);
    const inner = schema.getType(on);
    const body = this.selection(inner?.getFields || isAbstractType(inner) ? inner : type, depth + 1);
    return `...${bare ? '' : ` on ${on}`}${this.directives()} ${body}`;
  }

  fragment(type, depth) {
    const possible = (one) => (isAbstractType(one) ? schema.getPossibleTypes(one) : [one]);
    const fits = this.fragments.filter((fragment) => fragment.done && possible(fragment.type).some((one) => possible(type).includes(one)));
    if (fits.length > 0 && chance(0.6)) return pick(fits).name;
    if (chance(this.wrong)) return pick(['Unknown', this.fragments[0]?.name ?? 'Unknown']);
    const on = this.condition(type);
    const inner = schema.getType(on);
    const fragment = { name: `F${this.fragments.length}`, type: inner?.getFields || isAbstractType(inner) ? inner : type, on, done: false };
    this.fragments.push(fragment);
    fragment.text = `fragment ${fragment.name} on ${on} ${this.selection(fragment.type, depth + 1)}`;
    fragment.done = true;
    return fragment.name;
  }

  definitions() {
    const extra = chance(this.wrong) ? [{ name: 'unused', type: 'Int', fallback: null }] : [];
    const list = [...this.variables, ...extra].map((variable) => `$${variable.name}: ${variable.type}${variable.fallback === null ? '' : ` = ${variable.fallback}`}`);
    return list.length > 0 ? `(${list.join(pick([', ', ' ']))})` : '';
  }

  values() {
    const values = {};
    for (const variable of this.variables) {
      const required = variable.declared !== null && isNonNullType(variable.declared) && variable.fallback === null;
      if (chance(required ? 0.01 + this.wrong : 0.35)) continue;
      values[variable.name] = variable.declared === null ? pick(WRONG_VALUES) : this.value(variable.declared, 0);
    }
    if (chance(0.05)) values.extra = 1;
    return values;
  }

  document() {
    const mutation = chance(0.25);
    const root = mutation ? schema.getMutationType() : schema.getQueryType();
    const selection = this.selection(root, 0);
    const named = chance(0.4);
    const shorthand = !mutation && !named && this.variables.length === 0;
    let query = shorthand && chance(0.7) ? selection : `${mutation ? 'mutation' : 'query'}${named ? ' Main' : ''}${this.definitions()} ${selection}`;
    let operationName = named && chance(0.5) ? 'Main' : null;
    if (chance(named ? 0.1 : 0.01)) {
      query += pick(['\nquery Other { __typename }', '\nquery Main { __typename }', '\nsubscription Sub { __typename }', '\nmutation Other { steps }']);
      if (chance(0.7)) operationName = pick(['Main', 'Other', 'Missing']);
    }
    const fragments = this.fragments.map((fragment) => fragment.text);
    if (chance(this.wrong)) fragments.push('fragment Unused on Item { id }');
    query = chance(0.5) ? [query, ...fragments].join('\n') : [...fragments, query].join('\n');
    if (chance(0.03)) {
      const at = below(query.length);
      query = (query.slice(0, at) + pick(['', '}', '{', '"', '$', '@', '...', '!', '&', '1', '\u00a0', 'é']) + query.slice(at + below(3))).toWellFormed();
    }
    return { query, variables: this.values(), operationName };
  }
}

const out = createWriteStream(file);
for (let index = 0; index < count; index += 1) {
  const one = new Generator().document();
  const outcome = answer(one.query, one.variables, one.operationName);
  out.write(`${JSON.stringify({ data: null, reason: null, ...one, ...outcome })}\n`);
}
out.end();
