// Three entries, one build: portal (index.html), desk (desk.html), exam client (exam.html).
import { existsSync } from 'node:fs';
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

import vue from '@vitejs/plugin-vue';
import { build } from 'vite';
import { defineConfig, type Plugin } from 'vitest/config';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** `import { ElSelect } from 'element-plus'` also brings the style of that component. */
function elementStyles(): Plugin {
  const named = /import\s*\{([^}]*)\}\s*from\s*['"]element-plus['"]/g;
  return {
    name: 'heng-element-styles',
    transform(code, id) {
      if (process.env['VITEST'] || !id.includes('/src/') || id.includes('?raw') || !code.includes('element-plus')) return null;
      const styles = new Set<string>();
      for (const [, names = ''] of code.matchAll(named)) {
        for (const [, name = ''] of names.matchAll(/\bEl([A-Z]\w*)/g)) {
          const dashed = name.replace(/\B[A-Z]/g, '-$&').toLowerCase();
          const style = `element-plus/es/components/${dashed}/style/css`;
          if (existsSync(here(`./node_modules/${style}.mjs`))) styles.add(style);
        }
      }
      if (!styles.size) return null;
      return { code: [...styles].map((s) => `import '${s}';`).join('') + code, map: null };
    },
  };
}

/** In development: history-mode addresses get the page of their face, as the server does it. */
function faces(): Plugin {
  return {
    name: 'heng-faces',
    configureServer(server) {
      server.middlewares.use((request, _response, next) => {
        const path = (request.url ?? '/').split('?')[0] ?? '/';
        if (/^\/desk(\/|$)/.test(path)) request.url = '/desk.html';
        else if (/^\/sit(\/|$)/.test(path)) request.url = '/exam.html';
        next();
      });
    },
  };
}

/** heng-receipt.html: script and page in one file, for machines without a network. */
function offlineReceipt(): Plugin {
  let folder = '';
  return {
    name: 'heng-offline-receipt',
    apply: 'build',
    configResolved(config) {
      folder = here(`./${config.build.outDir}`);
    },
    async writeBundle() {
      const built = await build({
        configFile: false,
        logLevel: 'warn',
        build: { write: false, target: ['chrome86', 'firefox78', 'safari14'], lib: { entry: here('./src/receipt/offline.ts'), formats: ['iife'], name: 'heng' } },
      });
      const [one] = Array.isArray(built) ? built : [built];
      const script = one && 'output' in one ? one.output[0].code : '';
      if (!script || script.includes('</script')) throw new Error('the offline receipt page has no script');
      const page = await readFile(here('./src/receipt/offline.html'), 'utf8');
      await writeFile(`${folder}/heng-receipt.html`, page.replace('HENG_SCRIPT', () => script));
    },
  };
}

/** Puts `x.js.gz` beside `x.js`, so that the server never compresses what does not change. */
function compressed(): Plugin {
  let folder = '';
  return {
    name: 'heng-compressed',
    apply: 'build',
    configResolved(config) {
      folder = here(`./${config.build.outDir}`);
    },
    async closeBundle() {
      const files = await readdir(folder, { recursive: true });
      for (const file of files.filter((f) => /\.(js|css|svg|html|json)$/.test(f) && !f.startsWith('.') && f !== 'heng-receipt.html')) {
        const bytes = await readFile(`${folder}/${file}`);
        if (bytes.length > 1024) await writeFile(`${folder}/${file}.gz`, gzipSync(bytes, { level: 9 }));
      }
    },
  };
}

export default defineConfig({
  plugins: [vue(), elementStyles(), faces(), offlineReceipt(), compressed()],
  define: {
    __VUE_OPTIONS_API__: true, // Element Plus has a few components in that style
    __VUE_PROD_DEVTOOLS__: false,
    __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: false,
    __VUE_I18N_FULL_INSTALL__: false,
    __VUE_I18N_LEGACY_API__: false,
    __INTLIFY_PROD_DEVTOOLS__: false,
  },
  build: {
    // Exam rooms have old machines: Windows 7 ends at Chrome 109, domestic browsers follow later.
    target: ['chrome86', 'edge86', 'firefox78', 'safari14'],
    assetsInlineLimit: 0, // the Content-Security-Policy has no data:
    modulePreload: { polyfill: false },
    manifest: true,
    chunkSizeWarningLimit: 700,
    rollupOptions: { input: [here('./index.html'), here('./desk.html'), here('./exam.html')] },
  },
  server: { proxy: { '/api': process.env['HENG_SERVER'] ?? 'http://127.0.0.1:8080' } },
  test: {
    testTimeout: 120_000, // only against hanging: machines are slow at times
    environment: 'happy-dom',
    isolate: false, // a document for each file took two thirds of the CPU; no spec may count on a fresh one
    include: ['src/**/*.spec.ts'],
  },
});
