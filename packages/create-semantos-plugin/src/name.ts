const PACKAGE_NAME = /^(?:@[a-z0-9][a-z0-9._-]*\/)?[a-z0-9][a-z0-9._-]*$/

/** Why npm would not take this as the name of a new package, or null. */
export function whyNoName(name: string): string | null {
  if (name.length > 214) return 'a package name has at most 214 characters'
  if (!PACKAGE_NAME.test(name)) return 'must be a package name: lower-case letters, digits, ., _ and -, with a scope before it if you like: @acme/semantos-x'
  return null
}

/** The folder for a package of this name: the name without its scope. */
export function folderFor(name: string): string {
  return name.replace(/^@[^/]*\//, '')
}
