// Validates the examples and their variables against a schema, as the page's editor would.
import { buildSchema, coerceInputValue, parse, typeFromAST, validate } from 'graphql';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = path.join(path.dirname(fileURLToPath(import.meta.url)), 'examples');

async function faultsOf(file, schema) {
  const document = parse(await readFile(path.join(folder, file), 'utf8'));
  const faults = validate(schema, document).map(({ message }) => message);
  const given = JSON.parse(await readFile(path.join(folder, file.replace('.graphql', '.json')), 'utf8').catch(() => '{}'));
  const declared = document.definitions.flatMap(({ variableDefinitions = [] }) => variableDefinitions);
  for (const { variable, type } of declared) {
    const report = (at, _value, { message }) => faults.push(`$${[variable.name.value, ...at].join('.')}: ${message}`);
    coerceInputValue(given[variable.name.value], typeFromAST(schema, type), report);
  }
  const names = declared.map(({ variable }) => variable.name.value);
  faults.push(...Object.keys(given).filter((name) => !names.includes(name)).map((name) => `$${name} is not declared`));
  return faults.map((fault) => `${file}: ${fault}`);
}

/** What is wrong with the examples, one text each. */
export async function exampleFaults(sdl) {
  const schema = buildSchema(sdl);
  const files = (await readdir(folder)).filter((name) => name.endsWith('.graphql')).sort();
  return (await Promise.all(files.map((file) => faultsOf(file, schema)))).flat();
}
