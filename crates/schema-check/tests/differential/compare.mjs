// node compare.mjs: reads pairs of schemas, one JSON object {base, head} a line, and writes what GraphQL Inspector makes
// of each: {changes: [[type, path, criticality], …]}, or {refused: why} if graphql-js does not take a schema.
// With `simplify` as an argument, what is left after Inspector's rule of that name.
import { createInterface } from 'node:readline';
import { diff, DiffRule } from '@graphql-inspector/core';
import { buildSchema, validateSchema } from 'graphql';

const rules = process.argv[2] === 'simplify' ? [DiffRule.simplifyChanges] : [];

function schema(text) {
  const built = buildSchema(text);
  const errors = validateSchema(built);
  if (errors.length > 0) throw new Error(errors.map((error) => error.message).join('; '));
  return built;
}

async function answer({ base, head }) {
  let schemas;
  try {
    schemas = [schema(base), schema(head)];
  } catch (error) {
    return { refused: String(error.message) };
  }
  const changes = await diff(...schemas, rules);
  return { changes: changes.map(({ type, path, criticality }) => [type, path ?? null, criticality.level]) };
}

for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
  const text = `${JSON.stringify(await answer(JSON.parse(line)))}\n`;
  if (!process.stdout.write(text)) await new Promise((resolve) => process.stdout.once('drain', resolve));
}
