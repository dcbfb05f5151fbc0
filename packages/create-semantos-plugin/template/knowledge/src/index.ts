import { definePlugin, z } from '@semantos/core'

/** Notes of your own, one a knob, handed to the reasoners as documents that they can cite. */
export default definePlugin({
  name: '@acme/semantos-plugin',
  stage: 'knowledge',
  api: 1,
  from: import.meta.url,
  options: z.strictObject({
    notes: z.record(z.string(), z.string().min(1)).default({ 'vm.swappiness': 'Our database keeps its own cache: do not swap it out.' }),
  }),
  setup({ hooks }, { notes }) {
    hooks.retrieve.tapPromise('notes', (evidence, { catalogue }) => {
      for (const [knob, text] of Object.entries(notes)) {
        if (catalogue.get(knob)) evidence.document({ id: `note/${knob}`, title: knob, text, source: 'notes of ours' })
      }
    })
  },
})
