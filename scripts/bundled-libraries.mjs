// What a package's bundle holds of other people's libraries: their notices, and a bill of materials in CycloneDX, both in its dist.
import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export const NOTICES = 'THIRD-PARTY-NOTICES.txt'
export const SBOM = 'sbom.cdx.json'

/** The files of each library of which code has gone into the outputs of these builds, by the library's folder, sorted. */
function filesByLibrary(metafiles) {
  const files = metafiles
    .flatMap(({ outputs }) => Object.values(outputs))
    .flatMap(({ inputs }) => Object.entries(inputs))
    .flatMap(([file, { bytesInOutput }]) => (bytesInOutput > 0 ? [file] : []))
  const libraries = new Map()
  for (const file of [...new Set(files)].sort()) {
    const folder = /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0]
    if (folder !== undefined) libraries.set(folder, [...(libraries.get(folder) ?? []), file])
  }
  return libraries
}

function read([folder, files]) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  const text = licenseText(folder)
  if (typeof license !== 'string' || text === undefined) {
    throw new Error(
      `${name} ${version} names no license or ships no text of it; make it a dependency, not a bundled one`,
    )
  }
  return { name, version, license, text: [text, ...new Set(files.flatMap(copyrightOf))].join('\n\n') }
}

function licenseText(folder) {
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry))
  if (file !== undefined) return readFileSync(join(folder, file), 'utf8').trim()
  // Some libraries have their license at the end of their README alone.
  const readme = join(folder, 'README.md')
  const section = existsSync(readme) ? /^#* *LICEN[CS]E.*$[^]*copyright[^]*/im.exec(readFileSync(readme, 'utf8')) : null
  return section?.[0].trim()
}

/** The comment at the top of a file that holds a copyright of its own, as that of code taken from elsewhere. */
function copyrightOf(file) {
  const comment = /^\s*(?:(?:\/\/.*\s*)+|\/\*[^]*?\*\/)/.exec(readFileSync(file, 'utf8'))?.[0].trim() ?? ''
  return /copyright|\(c\)/i.test(comment) ? [comment] : []
}

const purlOf = ({ name, version }) => `pkg:npm/${name.replace('@', '%40')}@${version}`

function component({ name, version, license }) {
  const purl = purlOf({ name, version })
  const known = /[ ()]/.test(license) ? { expression: license } : { license: { id: license } }
  return { type: 'library', 'bom-ref': purl, name, version, licenses: [known], purl }
}

/** Writes both files, or removes them where nothing is bundled. No time and no serial number: the same build gives the same bytes. */
export function writeBundledLibraries(folder, manifest, metafiles) {
  // Installed twice is the same library.
  const libraries = [
    ...new Map([...filesByLibrary(metafiles)].map(read).map((library) => [purlOf(library), library])).values(),
  ]
  const [notices, sbom] = [NOTICES, SBOM].map((file) => join(folder, 'dist', file))
  if (libraries.length === 0) {
    for (const file of [notices, sbom]) if (existsSync(file)) rmSync(file)
    return
  }
  const rule = '-'.repeat(80)
  const texts = libraries.map(
    ({ name, version, license, text }) => `${rule}\n${name} ${version} (${license})\n${rule}\n\n${text}\n`,
  )
  writeFileSync(notices, `${manifest.name} contains code of these libraries.\n\n${texts.join('\n')}`)
  const own = component(manifest)
  const bom = {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: { component: own },
    components: libraries.map(component),
    dependencies: [{ ref: own['bom-ref'], dependsOn: libraries.map((library) => component(library)['bom-ref']) }],
  }
  writeFileSync(sbom, `${JSON.stringify(bom, null, 2)}\n`)
}
