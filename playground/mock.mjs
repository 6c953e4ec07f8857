// A stand-in for the gateway: the built files as `dev` serves them, and a /graphql that answers by the schema.
import { buildSchema, graphql, isAbstractType, isEnumType, isListType, isNonNullType, isScalarType } from 'graphql';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import path from 'node:path';

const TYPES = {
  '.css': 'text/css',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.svg': 'image/svg+xml',
  '.ttf': 'font/ttf',
};
const SCALARS = { Int: 3, Float: 1.5, Boolean: true, ID: 'id_1', Decimal: '4.25', CurrencyCode: 'GBP', CountryCode: 'GB' };

function example(type, schema) {
  if (isNonNullType(type)) return example(type.ofType, schema);
  if (isListType(type)) return [example(type.ofType, schema), example(type.ofType, schema)];
  if (isScalarType(type)) return SCALARS[type.name] ?? `some ${type.name}`;
  if (isEnumType(type)) return type.getValues()[0].value;
  if (isAbstractType(type)) return { __typename: schema.getPossibleTypes(type)[0].name };
  return {};
}

const fieldResolver = (_source, _args, _context, { fieldName, returnType, schema }) => {
  if (fieldName === 'errors') return [];
  return fieldName === 'accessToken' ? 'stand-in-token' : example(returnType, schema);
};

async function body(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return JSON.parse(Buffer.concat(chunks).toString());
}

/** Starts it on a free port of 127.0.0.1 and returns the server and its address. */
export async function startMock(assets, sdl) {
  const schema = buildSchema(sdl);

  async function answer(request, response) {
    if (request.url === '/graphql') {
      if (request.method !== 'POST' || request.headers['content-type'] !== 'application/json') return response.writeHead(415).end();
      const { query, variables, operationName } = await body(request);
      const result = await graphql({ schema, source: query, variableValues: variables, operationName, fieldResolver });
      return response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(result));
    }
    const name = request.url === '/' ? 'index.html' : /^\/(static\/[\w.-]+)$/.exec(request.url)?.[1];
    const contents = name && (await readFile(path.join(assets, name)).catch(() => undefined));
    if (!contents) return response.writeHead(404).end();
    const headers = { 'content-type': TYPES[path.extname(name)] ?? 'text/plain', 'x-content-type-options': 'nosniff' };
    return response.writeHead(200, headers).end(contents);
  }

  const fail = (response) => (error) => response.writeHead(500).end(String(error));
  const server = createServer((request, response) => answer(request, response).catch(fail(response)));
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, address: `http://127.0.0.1:${server.address().port}/` };
}
