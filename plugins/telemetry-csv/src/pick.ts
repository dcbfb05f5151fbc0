import { median } from '@semantos/stats'

/** Which data row stands for the recording; numbers count from 1. */
export type RowChoice = 'first' | 'last' | 'median' | number

/** Sees every row in turn and gives one; null where the row asked for never came. */
export interface Picker {
  see(values: readonly number[]): void
  picked(): readonly number[] | null
}

export function pickerFor(choice: RowChoice): Picker {
  if (choice === 'median') return medianPicker()
  let seen = 0
  let kept: readonly number[] | null = null
  return {
    see: (values) => {
      seen++
      if (choice === 'last' || seen === (choice === 'first' ? 1 : choice)) kept = values
    },
    picked: () => kept,
  }
}

/** The median of each column by itself; keeps all numbers. */
function medianPicker(): Picker {
  const columns: number[][] = []
  return {
    see: (values) => {
      for (const [index, value] of values.entries()) (columns[index] ??= []).push(value)
    },
    picked: () => (columns.length === 0 ? null : columns.map(median)),
  }
}
