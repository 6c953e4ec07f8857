import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

const LICENCE = /^(licen[cs]e|copying|notice|thirdpartynotices)/i;

function packageOf(input) {
  return /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1];
}

async function licenceTexts(folder) {
  const names = (await readdir(folder)).filter((name) => LICENCE.test(name)).sort();
  return Promise.all(names.map((name) => readFile(path.join(folder, name), 'utf8')));
}

/** The licences of every package that has code in the built files, in the order of the names. */
export async function thirdPartyNotice(root, metafiles) {
  const inputs = metafiles.flatMap(({ inputs }) => Object.keys(inputs));
  const folders = [...new Set(inputs.map(packageOf).filter(Boolean))].sort();
  const parts = [];
  for (const folder of folders) {
    const { name, version, license } = JSON.parse(await readFile(path.join(root, folder, 'package.json'), 'utf8'));
    const texts = await licenceTexts(path.join(root, folder));
    parts.push([`${name} ${version} (${license})`, ...texts.map((text) => text.replaceAll('\r\n', '\n').trim())].join('\n\n'));
  }
  const head = 'The playground contains the following packages.';
  return `${[head, ...parts].join(`\n\n${'-'.repeat(80)}\n\n`)}\n`;
}
