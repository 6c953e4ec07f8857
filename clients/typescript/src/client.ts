// A client in one function: send an operation's text, get what it is typed to answer.
import type { TypedDocumentString } from './generated/graphql';

export class RequestRefused extends Error {}

export async function request<Result, Variables>(
  endpoint: string,
  operation: TypedDocumentString<Result, Variables>,
  variables: Variables,
  accessToken?: string,
): Promise<Result> {
  const headers: Record<string, string> = { 'Content-Type': 'application/json' };
  if (accessToken !== undefined) headers.Authorization = `Bearer ${accessToken}`;
  const body = JSON.stringify({ query: operation.toString(), variables });
  const response = await fetch(endpoint, { method: 'POST', headers, body });
  const answer = (await response.json()) as { data?: Result | null; errors?: { message: string }[] };
  const refusal = answer.errors?.[0];
  if (refusal !== undefined) throw new RequestRefused(refusal.message);
  if (answer.data === undefined || answer.data === null) throw new RequestRefused(`status ${response.status}`);
  return answer.data;
}
