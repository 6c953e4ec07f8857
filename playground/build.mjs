// Builds the playground into the gateway's assets: the same sources give the same bytes.
import { build } from 'esbuild';
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { thirdPartyNotice } from './notice.mjs';
import { slim } from './slim.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const assets = process.argv[2] ?? path.join(here, '../crates/gateway/assets/playground');

const shared = {
  absWorkingDir: here,
  bundle: true,
  minify: true,
  metafile: true,
  write: false,
  target: 'es2022',
  legalComments: 'none', // THIRD-PARTY.txt holds them, whole
  logLevel: 'warning',
  outdir: assets,
  entryNames: '[name]-[hash]',
  assetNames: '[name]-[hash]',
  define: { 'process.env.NODE_ENV': '"production"' },
};

function hashed(file, bytes) {
  const { name, ext } = path.parse(file);
  return `${name}-${createHash('sha256').update(bytes).digest('hex').slice(0, 8).toUpperCase()}${ext}`;
}

function onlyOutput(result, extension) {
  const found = result.outputFiles.filter(({ path: file }) => file.endsWith(extension));
  if (found.length !== 1) throw new Error(`expected one ${extension}, found ${found.length}`);
  return path.basename(found[0].path);
}

async function worker(name, source) {
  const stdin = { contents: `import ${JSON.stringify(source)};`, resolveDir: here, sourcefile: `${name}.js` };
  const entry = { name: 'entry', setup: (plugin) => entryFromText(plugin, name, stdin) };
  const result = await build({ ...shared, format: 'iife', entryPoints: [{ in: `entry:${name}`, out: name }], plugins: [entry] });
  return { result, file: onlyOutput(result, '.js') };
}

function entryFromText(plugin, name, { contents, resolveDir }) {
  plugin.onResolve({ filter: /^entry:/ }, () => ({ path: name, namespace: 'entry' }));
  plugin.onLoad({ filter: /.*/, namespace: 'entry' }, () => ({ contents, resolveDir }));
}

const editor = await worker('editor.worker', 'monaco-editor/esm/vs/editor/editor.worker.js');
const graphql = await worker('graphql.worker', 'monaco-graphql/esm/graphql.worker.js');
const json = await worker('json.worker', 'monaco-editor/esm/vs/language/json/json.worker.js');

const app = await build({
  ...shared,
  format: 'esm',
  jsx: 'automatic',
  alias: { 'prettier/parser-graphql': 'prettier/plugins/graphql' }, // one file under two names
  plugins: [slim(here)],
  entryPoints: [{ in: 'src/main.jsx', out: 'app' }],
  loader: { '.graphql': 'text', '.json': 'text', '.ttf': 'file' },
  define: {
    ...shared.define,
    EDITOR_WORKER: JSON.stringify(`./${editor.file}`),
    GRAPHQL_WORKER: JSON.stringify(`./${graphql.file}`),
    JSON_WORKER: JSON.stringify(`./${json.file}`),
  },
});

const files = new Map(); // by path below the assets folder, which is the path of the URL too
const results = [editor.result, graphql.result, json.result, app];
for (const { outputFiles } of results) {
  for (const { path: file, contents } of outputFiles) files.set(`static/${path.basename(file)}`, contents);
}
const favicon = await readFile(path.join(here, 'src/favicon.svg'));
files.set(`static/${hashed('favicon.svg', favicon)}`, favicon);
files.set('THIRD-PARTY.txt', await thirdPartyNotice(here, results.map(({ metafile }) => metafile)));

const names = { 'app.js': onlyOutput(app, '.js'), 'app.css': onlyOutput(app, '.css'), 'favicon.svg': hashed('favicon.svg', favicon) };
const page = await readFile(path.join(here, 'src/index.html'), 'utf8');
files.set('index.html', page.replace(/%([^%]+)%/g, (_, name) => `static/${names[name]}`));

await mkdir(path.join(assets, 'static'), { recursive: true });
for (const [name, contents] of files) await writeFile(path.join(assets, name), contents);
for (const entry of await readdir(assets, { recursive: true, withFileTypes: true })) {
  const file = path.join(entry.parentPath, entry.name);
  if (entry.isFile() && !files.has(path.relative(assets, file))) await rm(file);
}

const bytes = [...files.values()].reduce((sum, contents) => sum + Buffer.byteLength(contents), 0);
for (const [name, contents] of [...files].sort()) console.log(String(Buffer.byteLength(contents)).padStart(9), name);
console.log(`${files.size} files, ${(bytes / 1e6).toFixed(2)} MB`);
