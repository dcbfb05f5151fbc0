import type { Driver } from '../driver.js'

/** One step of the schema. A step that has been released is never changed: a new one is added. */
export interface Migration {
  readonly version: number
  readonly name: string
  readonly sql: string
  /** What SQL cannot say, in the same transaction. */
  fill?(this: void, driver: Driver): void
}
