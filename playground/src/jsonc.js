// GraphiQL formats variables with a whole JavaScript parser; the JSON parser that it has anyway does it too.
// build.mjs puts this file in the place of GraphiQL's.
import { applyEdits, format, parse, printParseErrorCode } from 'jsonc-parser';

export async function formatJSONC(text) {
  return applyEdits(text, format(text, undefined, { tabSize: 2, insertSpaces: true }));
}

export function parseJSONC(text) {
  const errors = [];
  const value = parse(text, errors, { allowTrailingComma: true, allowEmptyContent: true });
  if (errors.length === 0) return value;
  const [{ error, offset }] = errors;
  throw new SyntaxError(`${printParseErrorCode(error)} at line ${text.slice(0, offset).split('\n').length}`);
}

/** The object that an editor's text holds; its messages end the sentence "Variables …" or "Headers …". */
export function tryParseJSONC(text = '') {
  let value;
  try {
    value = parseJSONC(text);
  } catch (error) {
    throw new Error(`are invalid JSON: ${error.message}.`);
  }
  if (!value) return undefined;
  if (typeof value !== 'object' || Array.isArray(value)) throw new TypeError('are not a JSON object.');
  return value;
}
