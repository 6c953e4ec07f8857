import path from 'node:path';

/** An esbuild plugin that puts lighter files of ours in the place of two heavy ones. */
export const slim = (here) => ({
  name: 'slim',
  setup(build) {
    const replace = (filter, name) => build.onResolve({ filter }, () => ({ path: path.join(here, 'src', name) }));
    replace(/\/edcore\.main\.js$/, 'editor.js');
    replace(/\/jsonc\.js$/, 'jsonc.js');
  },
});
