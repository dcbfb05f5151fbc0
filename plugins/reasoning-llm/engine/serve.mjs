// Serves a GGUF model through llama.cpp in the chat-completions protocol, on a free port of this machine, and prints the address.
// Usage: node serve.mjs MODEL.gguf PACKAGE_FOLDER
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import { join } from 'node:path'

const [, , model, folder] = process.argv
const { loadModel } = createRequire(join(folder, 'package.json'))('@fugood/llama.node')
const engine = await loadModel({ model, n_ctx: 16_384, n_threads: 1 })
let idle = Promise.resolve()

const server = createServer((request, response) => {
  const chunks = []
  request.on('data', (chunk) => chunks.push(chunk))
  request.on('end', () => {
    const asked = JSON.parse(Buffer.concat(chunks).toString())
    // One context holds one conversation: requests wait for each other.
    idle = idle.then(() => answer(asked, response)).catch((error) => {
      if (response.headersSent) response.destroy()
      else response.writeHead(500, JSON_TYPE).end(JSON.stringify({ error: { message: String(error) } }))
    })
  })
})
server.listen(0, '127.0.0.1', () => process.stdout.write(`serving at http://127.0.0.1:${server.address().port}/v1\n`))

const JSON_TYPE = { 'content-type': 'application/json' }

async function answer({ messages, max_tokens, temperature, response_format, stream, model: name }, response) {
  const prompt = `${messages.map(({ role, content }) => `${role}: ${typeof content === 'string' ? content : content.map(({ text }) => text).join('')}`).join('\n')}\nassistant: `
  const send = (data) => response.write(`data: ${JSON.stringify({ id: 'c', created: 1, model: name, object: 'chat.completion.chunk', ...data })}\n\n`)
  if (stream) response.writeHead(200, { 'content-type': 'text/event-stream' })
  const onToken = ({ token }) => stream && send({ choices: [{ index: 0, delta: { role: 'assistant', content: token }, finish_reason: null }] })
  const { text, tokens_predicted: completion_tokens, tokens_evaluated, stopped_limit } = await engine.completion({ prompt, n_predict: max_tokens, temperature, ...(response_format && { response_format }) }, onToken)
  const finish_reason = stopped_limit ? 'length' : 'stop'
  const usage = { prompt_tokens: tokens_evaluated - completion_tokens, completion_tokens, total_tokens: tokens_evaluated }
  if (!stream) {
    response.writeHead(200, JSON_TYPE).end(JSON.stringify({ id: 'c', object: 'chat.completion', created: 1, model: name, choices: [{ index: 0, message: { role: 'assistant', content: text }, finish_reason }], usage }))
    return
  }
  send({ choices: [{ index: 0, delta: {}, finish_reason }] })
  send({ choices: [], usage })
  response.end('data: [DONE]\n\n')
}
