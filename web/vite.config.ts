import { gzipSync } from 'node:zlib'
import vue from '@vitejs/plugin-vue'
import { defineConfig, type Plugin } from 'vite'

// What may stand in the pages without being asked for: names of XML namespaces.
const namespaces = /^https?:\/\/www\.w3\.org\//

// Libraries name their manuals in messages to developers. The pages run where nobody reaches them.
const manuals = /https?:\/\/(?:[\w-]+\.)*(?:vuejs\.org|element-plus\.org|github\.com|developer\.mozilla\.org|intlify\.dev|tanstack\.com)[^\s"'`)]*/g

// noHosts ends the build when a file of it names a host: everything comes from the program.
function noHosts(): Plugin {
  return {
    name: 'no-hosts',
    enforce: 'post',
    generateBundle(_, bundle) {
      for (const [file, out] of Object.entries(bundle)) {
        let text = out.type === 'chunk' ? out.code : typeof out.source === 'string' ? out.source : ''
        if (!text) continue
        text = text.replace(manuals, 'about:blank')
        if (out.type === 'chunk') out.code = text
        else out.source = text
        const hosts = [...text.matchAll(/(?:https?:)?\/\/(?:[a-z\d-]+\.)+[a-z]{2,}(?:[/"'`)\s]|$)/gi)].map((m) => m[0]).filter((host) => !namespaces.test(host))
        if (hosts.length > 0) this.error(`${file} names another host: ${[...new Set(hosts)].join(' ')}`)
      }
    },
  }
}

// packed lays a gzip beside each text, so that the server need not pack on every request.
function packed(): Plugin {
  return {
    name: 'packed',
    enforce: 'post',
    generateBundle: {
      order: 'post',
      handler(_, bundle) {
        for (const [file, out] of Object.entries(bundle)) {
          if (!/\.(js|css|html|svg|json|webmanifest)$/.test(file)) continue
          const source = gzipSync(out.type === 'chunk' ? out.code : out.source, { level: 9 })
          this.emitFile({ type: 'asset', fileName: `${file}.gz`, source })
        }
      },
    },
  }
}

export default defineConfig({
  plugins: [vue(), noHosts(), packed()],
  resolve: { alias: { '@': new URL('./src', import.meta.url).pathname } },
  define: { __VUE_OPTIONS_API__: 'true', __VUE_I18N_LEGACY_API__: 'false', __INTLIFY_PROD_DEVTOOLS__: 'false' },
  build: {
    target: ['chrome90', 'safari15.4', 'firefox115'],
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0, // nothing in data: addresses
    sourcemap: false,
    chunkSizeWarningLimit: 1200,
    rollupOptions: { input: ['index.html', 'm.html'] },
  },
  server: { port: 5173, proxy: { '/v1': 'http://127.0.0.1:8080' } },
})
