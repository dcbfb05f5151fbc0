import { resolve } from 'node:path'
import { definePlugin, z } from '@semantos/core'
import { pickerFor } from './pick.js'
import { invalid, readRecording } from './recording.js'
import { unitOfColumn } from './units.js'

const RowOption = z.union([z.enum(['first', 'last', 'median']), z.int().min(1)], {
  error: "must be 'first', 'last', 'median' or the number of a data row, counted from 1",
})

const options = z.strictObject({
  /** Relative to the folder of the config. */
  file: z.string().min(1),
  row: RowOption.default('last'),
  /** Units of columns whose names do not tell them. */
  units: z.record(z.string(), z.string().min(1).max(32)).default({}),
})

export const csv = definePlugin({
  name: '@semantos/telemetry-csv',
  stage: 'telemetry',
  api: 1,
  from: import.meta.url,
  options,
  setup({ hooks, paths }, { file, row, units }) {
    const path = resolve(paths.base, file)
    const named = new Map(Object.entries(units))
    hooks.collect.tapPromise('replay', async (snapshot, { signal }) => {
      const picker = pickerFor(row)
      let rows = 0
      const columns = await readRecording(path, signal, (values) => {
        rows++
        picker.see(values)
      })
      const stray = [...named.keys()].find((name) => !columns.includes(name))
      if (stray !== undefined) {
        throw invalid(path, { row: 0, column: stray }, 'a unit is set for a column that the file does not have', `Use one of ${columns.join(', ')}.`)
      }
      const values = picker.picked()
      if (!values) throw outOfRange(path, row, rows)
      for (const [index, value] of values.entries()) {
        const name = columns[index] ?? ''
        snapshot.add({ name, value, unit: named.get(name) ?? unitOfColumn(name) })
      }
    })
  },
})

function outOfRange(path: string, row: string | number, rows: number) {
  if (rows === 0) return invalid(path, { row: 1 }, 'the file has a header and no rows', 'Add at least one row of numbers.')
  return invalid(path, { row: Number(row) }, `the file has ${rows} data rows`, `Ask for a row from 1 to ${rows}, or for 'last'.`)
}

export default csv
