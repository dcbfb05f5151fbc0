import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { z } from '@semantos/core'
import { expect, test } from 'vitest'
import { top } from '../cli/semantos.js'

const Manifest = z.object({ repository: z.object({ url: z.string() }) })
const repository = Manifest.parse(JSON.parse(readFileSync(join(top, 'core/package.json'), 'utf8'))).repository.url.replace(/^git\+|\.git$/g, '')

/** What is read outside a checkout as well: on a site, or in an installed package. */
const PAGE = /^(?:[^/]+\.md|docs\/[^/]+\.md|(?:core|(?:packages|plugins)\/[^/]+)\/README\.md)$/
const written = execFileSync('git', ['-c', 'safe.directory=*', 'ls-files', '--cached', '--others', '--exclude-standard', '*.md'], { cwd: top, encoding: 'utf8' }).trim().split('\n')
const pages = written.filter((path) => PAGE.test(path))

const withoutCode = (text: string) => text.replaceAll(/^```[\s\S]*?^```/gm, '')
const linksOf = (page: string) => [...withoutCode(readFileSync(join(top, page), 'utf8')).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link)

/** As GitHub makes them from headings. */
const anchorsOf = (page: string) =>
  [...withoutCode(readFileSync(join(top, page), 'utf8')).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => heading.toLowerCase().replaceAll(/[^\p{L}\p{N} _-]/gu, '').replaceAll(' ', '-'))

/** What is wrong with a link of a page, or null. */
function wrong(page: string, link: string): string | null {
  if (link.startsWith(repository)) {
    const [, kind, path = ''] = /^\/(blob|tree)\/main\/([^#]+)/.exec(link.slice(repository.length)) ?? []
    if (kind === undefined) return link === repository ? null : `${page}: ${link} is neither a file nor a folder of the repository`
    if (!existsSync(join(top, path))) return `${page}: ${path} is not there`
    return statSync(join(top, path)).isDirectory() === (kind === 'tree') ? null : `${page}: ${link} must say ${kind === 'tree' ? 'blob' : 'tree'}`
  }
  if (/^[a-z]+:/.test(link)) return null
  const [path = '', anchor] = link.split('#')
  const target = path === '' ? page : normalize(join(dirname(page), path))
  if (!existsSync(join(top, target))) return `${page}: ${target} is not there`
  if (PAGE.test(page) && !PAGE.test(target)) return `${page}: ${target} is no page: link to it in ${repository}`
  return anchor === undefined || anchorsOf(target).includes(anchor) ? null : `${page}: ${target} has no heading ${anchor}`
}

test('every link leads somewhere, and a relative one from page to page, so that it does without a checkout', () => {
  expect(pages.length).toBeGreaterThan(40)
  expect(written.flatMap((page) => linksOf(page).map((link) => wrong(page, link))).filter((problem) => problem !== null)).toEqual([])
})

test.each([
  ['docs/errors.md', '../core/src/index.ts', /is no page/],
  ['docs/errors.md', 'gone.md', /is not there/],
  ['docs/errors.md', '#nowhere', /no heading nowhere/],
  ['docs/errors.md', `${repository}/blob/main/gone.ts`, /gone\.ts is not there/],
  ['docs/errors.md', `${repository}/blob/main/core`, /must say tree/],
])('in %s a link to %s would be told', (page, link, says) => {
  expect(wrong(page, link)).toMatch(says)
})
