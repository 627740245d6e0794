import { defineConfig } from "vite";

// One script for each kind of page that needs one; everything relative, so that a site works below
// any folder, and nothing inlined, because the pages allow neither inline scripts nor data: scripts.
export default defineConfig({
  base: "./",
  publicDir: false,
  build: {
    outDir: "../src/mezan_graph/site/browser",
    emptyOutDir: true,
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: false,
    license: { fileName: "LICENSES.md" },
    rollupOptions: {
      input: {
        network: "src/network.ts",
        search: "src/search.ts",
        sparql: "src/sparql.ts",
      },
      output: {
        entryFileNames: "[name].js",
        chunkFileNames: "[name]-[hash].js",
        assetFileNames: "[name]-[hash][extname]",
      },
    },
  },
  worker: {
    format: "es",
    rollupOptions: { output: { entryFileNames: "[name]-[hash].js", assetFileNames: "[name]-[hash][extname]" } },
  },
});
