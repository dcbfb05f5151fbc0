import { isSemantosError } from '@semantos/core'
import { openDriver } from '../src/driver.js'

/** Why tests of the file cannot run here, or null where they can. */
export async function whyNoSqlite(): Promise<string | null> {
  try {
    const driver = await openDriver(':memory:')
    driver.close()
    return null
  } catch (error) {
    if (isSemantosError(error) && error.code === 'SEMANTOS_E_PLUGIN_NOT_FOUND') return error.message
    throw error
  }
}
