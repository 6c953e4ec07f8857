// The names carry a hash of the content and are known only after the workers are built: build.mjs puts them in.
/* global EDITOR_WORKER, GRAPHQL_WORKER, JSON_WORKER */
const WORKERS = { graphql: GRAPHQL_WORKER, json: JSON_WORKER };

globalThis.MonacoEnvironment = {
  getWorker: (_id, label) => new Worker(new URL(WORKERS[label] ?? EDITOR_WORKER, import.meta.url)),
};
