import { gzipSync } from 'node:zlib'
import vue from '@vitejs/plugin-vue'
import { defineConfig, type Plugin, type Rollup } from 'vite'
import { VitePWA } from 'vite-plugin-pwa'

// What may stand in the pages without being asked for: names of XML namespaces and of schemas.
const namespaces = /^https?:\/\/(www\.w3\.org|schemas\.openxmlformats\.org|schemas\.microsoft\.com|purl\.oclc\.org|purl\.org|json-schema\.org|spec\.openapis\.org)\//

// Libraries name their manuals in messages to developers. The pages run where nobody reaches them.
const manuals = /https?:\/\/(?:[\w-]+\.)*(?:vuejs\.org|element-plus\.org|github\.com|developer\.mozilla\.org|intlify\.dev|tanstack\.com|echarts\.apache\.org|npmjs\.com|papaparse\.com|fb\.me|reactjs\.org|redux\.js\.org|swagger\.io|vladimirgorej\.com|ietf\.org|rfc-editor\.org|spdx\.org|twitter\.com|facebook\.com|instagram\.com|tiktok\.com|soundcloud\.com|example\.com)[^\s"'`)]*/g

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

// What the phone's page needs, with all its later parts: its service worker keeps exactly that.
const phoneFiles = new Set<string>()
const phoneBudget = 250 * 1024

// phoneOnly finds what the phone's page reaches, and ends the build when it is more than its budget.
function phoneOnly(): Plugin {
  return {
    name: 'phone-only',
    enforce: 'post',
    generateBundle(_, bundle) {
      const chunks = Object.values(bundle).filter((o): o is Rollup.OutputChunk => o.type === 'chunk')
      const reach = (name: string): void => {
        const chunk = chunks.find((c) => c.fileName === name)
        if (!chunk || phoneFiles.has(name)) return
        phoneFiles.add(name)
        for (const css of chunk.viteMetadata?.importedCss ?? []) phoneFiles.add(css)
        for (const next of [...chunk.imports, ...chunk.dynamicImports]) reach(next)
      }
      phoneFiles.add('m.html')
      const entry = chunks.find((c) => c.facadeModuleId?.endsWith('/m.html'))
      if (!entry) this.error('the page of the phone has no entry')
      else reach(entry.fileName)
      let size = 0
      for (const name of phoneFiles) {
        const out = bundle[name]
        if (out) size += gzipSync(out.type === 'chunk' ? out.code : out.source, { level: 9 }).length
      }
      console.log(`phone: ${phoneFiles.size} files, ${(size / 1024).toFixed(1)} KB packed of ${phoneBudget / 1024}`)
      if (size > phoneBudget) this.error(`the phone's pages are ${size} bytes packed, more than ${phoneBudget}`)
    },
  }
}

// The phone opens without a network: its own files and nothing else are kept by a service worker.
const offline = VitePWA({
  strategies: 'injectManifest', srcDir: 'src/phone', filename: 'sw.ts', injectRegister: false, manifest: false, registerType: 'prompt',
  injectManifest: {
    globPatterns: ['m.html', 'assets/*.{js,css}', 'door*', 'm.webmanifest'], dontCacheBustURLsMatching: /^assets\//, sourcemap: false,
    manifestTransforms: [(entries) => ({ manifest: entries.filter((e) => phoneFiles.has(e.url) || !/^assets\//.test(e.url)), warnings: [] })],
  },
})

export default defineConfig({
  plugins: [vue(), noHosts(), phoneOnly(), packed(), offline],
  resolve: { alias: { '@': new URL('./src', import.meta.url).pathname } },
  define: { __VUE_OPTIONS_API__: 'true', __VUE_I18N_LEGACY_API__: 'false', __INTLIFY_PROD_DEVTOOLS__: 'false' },
  build: {
    target: ['chrome90', 'safari15.4', 'firefox115'],
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0, // nothing in data: addresses
    sourcemap: false,
    chunkSizeWarningLimit: 1200,
    rollupOptions: { input: ['index.html', 'm.html', 'docs.html'] },
  },
  server: { port: 5173, proxy: { '/v1': 'http://127.0.0.1:8080' } },
})
