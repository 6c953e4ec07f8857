/** Sends an operation to the gateway that served this page; what is not JSON is shown as it came. */
export async function fetcher({ query, variables, operationName }, { headers } = {}) {
  const response = await fetch('/graphql', {
    method: 'POST',
    headers: { ...headers, 'Content-Type': 'application/json' },
    body: JSON.stringify({ query, variables, operationName }),
    credentials: 'omit',
  });
  const text = await response.text();
  try {
    return JSON.parse(text);
  } catch {
    return { status: response.status, body: text };
  }
}
