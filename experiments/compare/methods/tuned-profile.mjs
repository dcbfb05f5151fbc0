import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { recommendedBy } from './recommended-by.mjs'
import fixed from '@semantos/reasoning-fixed'

const run = promisify(execFile)
const TOP = fileURLToPath(new URL('../../../', import.meta.url))

/** The profile that Debian's tuned recommends for this machine; null where tuned is not installed. */
export async function recommendedProfile() {
  const answer = await run('tuned-adm', ['recommend']).catch(() => null)
  return answer?.stdout.trim() || null
}

/** A profile of Debian's tuned, read by `semantos import` and applied whole, as tuned would. */
export function tunedProfile(profile) {
  return {
    name: `tuned: ${profile}`,
    unavailable: async () => ((await imported(profile)) === null ? `Debian's tuned, with its profile ${profile}, is not installed` : null),
    async find(task) {
      const { settings } = await imported(profile)
      const wishes = await recommendedBy(fixed({ values: Object.fromEntries(settings.map((setting) => [setting.knob, wanted(setting)])) }), task)
      return (await task.trial(wishes)).settings
    },
  }
}

async function imported(profile) {
  const words = [`${TOP}packages/cli/dist/semantos.js`, 'import', profile, '--json', '--config', `${TOP}experiments/configs/host.config.ts`]
  return run(process.execPath, words).then(({ stdout }) => JSON.parse(stdout), () => null)
}

function wanted({ value, condition }) {
  if (condition === 'raise only') return { at_least: value }
  return condition === 'lower only' ? { at_most: value } : value
}
