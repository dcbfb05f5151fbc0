// Writes the JSON schema of a run report, here or to the path given: node schema/generate.mjs [FILE]
import { writeFileSync } from 'node:fs'
import { RunReport, z } from '@semantos/core'

const file = process.argv[2] ?? new URL('run-report.schema.json', import.meta.url)
const schema = z.toJSONSchema(RunReport, { target: 'draft-2020-12', reused: 'ref' })
writeFileSync(file, `${JSON.stringify({ title: 'SemantOS run report', ...schema }, null, 2)}\n`)
