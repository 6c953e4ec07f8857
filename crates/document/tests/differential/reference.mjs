// graphql-js answering the toy schema: every value is a hash of where it is asked for and with which arguments.
import { readFileSync } from 'node:fs';
import { buildSchema, execute, isListType, isNonNullType, getNamedType, isAbstractType, isObjectType, isEnumType, parse, validate } from 'graphql';

export const schema = buildSchema(readFileSync(new URL('./toy.graphql', import.meta.url), 'utf8'));

function hash(text) {
  let value = 0x811c9dc5;
  for (const byte of Buffer.from(text, 'utf8')) value = Math.imul(value ^ byte, 0x01000193) >>> 0;
  return value;
}

function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value !== null && typeof value === 'object') {
    const fields = Object.keys(value).sort().filter((key) => value[key] !== undefined);
    return `{${fields.map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`).join(',')}}`;
  }
  return JSON.stringify(value);
}

const ABSTRACT = { Node: ['Item', 'Owner'], Thing: ['Item', 'Owner', 'Part'] };

function leaf(type, seed) {
  if (isEnumType(type)) return type.getValues()[seed % 3].name;
  if (type.name === 'Int') return seed % 1000;
  return `s${seed % 10000}`;
}

function object(type, seed) {
  if (!isAbstractType(type)) return { __typename: type.name, seed };
  const members = ABSTRACT[type.name];
  return { __typename: members[seed % members.length], seed };
}

function complete(type, seed) {
  if (isNonNullType(type)) return complete(type.ofType, seed);
  if (isListType(type)) {
    return Array.from({ length: 1 + (seed % 3) }, (_, index) => {
      const item = hash(`${seed}#${index}`);
      return isNonNullType(type.ofType) || item % 5 !== 0 ? complete(type.ofType, item) : null;
    });
  }
  const named = getNamedType(type);
  return isObjectType(named) || isAbstractType(named) ? object(named, seed) : leaf(named, seed);
}

function fieldResolver(source, args, context, info) {
  let given = args;
  if (info.operation.operation === 'mutation' && info.path.prev === undefined) {
    context.steps += 1;
    if (info.fieldName === 'steps') return context.steps;
    given = { ...args, step: context.steps };
  }
  const seed = hash(`${source?.seed ?? 0}/${info.fieldName}${canonical(given)}`);
  if (info.fieldName === 'maybe') return args.present ? object(info.returnType, seed) : null;
  if (!isNonNullType(info.returnType) && seed % 5 === 0) return null;
  return complete(info.returnType, seed);
}

/** What graphql-js does with a request. */
export function answer(query, variables, operationName) {
  let document;
  try {
    document = parse(query);
  } catch (error) {
    return { accepted: false, fieldErrors: [], reason: error.message };
  }
  const errors = validate(schema, document);
  if (errors.length > 0) return { accepted: false, fieldErrors: [], reason: errors[0].message };
  const result = execute({ schema, document, variableValues: variables, operationName, fieldResolver, contextValue: { steps: 0 }, typeResolver: (value) => value.__typename });
  const messages = (result.errors ?? []).map((error) => error.message);
  if (result.data === undefined) return { accepted: false, fieldErrors: [], reason: messages[0] };
  return { accepted: true, fieldErrors: messages, data: JSON.stringify(result.data) };
}
