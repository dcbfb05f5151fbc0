/**
 * import() of a module named at run time, by its URL. A file of its own beside dist/core.cjs: in code that V8's compiled form
 * is kept of (../cli/compiled.ts), import() does not work.
 */
export function nativeImport(url: string): Promise<unknown> {
  return import(url)
}
