// Writes a tiny language model with random weights in GGUF (https://github.com/ggml-org/ggml/blob/master/docs/gguf.md):
// the llama architecture, two layers, a token for each byte. It says nonsense, at the speed and through the code of a
// real one.
// Usage: node write-model.mjs FILE [SEED]
import { writeFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'

const WIDTH = 64
const HIDDEN = 128
const LAYERS = 2
const HEADS = 4
const CONTEXT = 16_384
const ALIGNMENT = 32

/** Value types of GGUF metadata. */
const UINT32 = 4
const INT32 = 5
const FLOAT32 = 6
const BOOL = 7
const STRING = 8
const ARRAY = 9

/** Kinds of tokens. */
const UNKNOWN = 2
const CONTROL = 3
const BYTE = 6

export function writeModel(file, seed = 1) {
  const bytes = Array.from({ length: 256 }, (_, byte) => `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`)
  const tokens = ['<unk>', '<s>', '</s>', ...bytes]
  const kinds = [UNKNOWN, CONTROL, CONTROL, ...bytes.map(() => BYTE)]
  const metadata = [
    ['general.architecture', STRING, 'llama'],
    ['general.name', STRING, 'random weights'],
    ['general.alignment', UINT32, ALIGNMENT],
    ['llama.context_length', UINT32, CONTEXT],
    ['llama.embedding_length', UINT32, WIDTH],
    ['llama.block_count', UINT32, LAYERS],
    ['llama.feed_forward_length', UINT32, HIDDEN],
    ['llama.attention.head_count', UINT32, HEADS],
    ['llama.attention.layer_norm_rms_epsilon', FLOAT32, 1e-5],
    ['llama.rope.dimension_count', UINT32, WIDTH / HEADS],
    ['tokenizer.ggml.model', STRING, 'llama'],
    ['tokenizer.ggml.tokens', ARRAY, { type: STRING, items: tokens }],
    ['tokenizer.ggml.scores', ARRAY, { type: FLOAT32, items: tokens.map(() => 0) }],
    ['tokenizer.ggml.token_type', ARRAY, { type: INT32, items: kinds }],
    ['tokenizer.ggml.unknown_token_id', UINT32, 0],
    ['tokenizer.ggml.bos_token_id', UINT32, 1],
    ['tokenizer.ggml.eos_token_id', UINT32, 2],
    ['tokenizer.ggml.add_space_prefix', BOOL, false],
  ]
  const tensors = [
    ['token_embd.weight', [WIDTH, tokens.length]],
    ['output_norm.weight', [WIDTH]],
    ['output.weight', [WIDTH, tokens.length]],
    ...Array.from({ length: LAYERS }, (_, layer) => layerTensors(`blk.${layer}`)).flat(),
  ]
  const next = random(seed)
  const header = [Buffer.from('GGUF'), u32(3), u64(tensors.length), u64(metadata.length)]
  for (const [key, type, value] of metadata) header.push(string(key), u32(type), valueOf(type, value))
  const data = []
  let offset = 0
  for (const [name, shape] of tensors) {
    header.push(string(name), u32(shape.length), ...shape.map(u64), u32(0), u64(offset))
    const weights = padded(floats(shape, next))
    data.push(weights)
    offset += weights.length
  }
  writeFileSync(file, Buffer.concat([padded(Buffer.concat(header)), ...data]))
}

function layerTensors(prefix) {
  const square = ['attn_q', 'attn_k', 'attn_v', 'attn_output'].map((name) => [`${prefix}.${name}.weight`, [WIDTH, WIDTH]])
  return [
    [`${prefix}.attn_norm.weight`, [WIDTH]],
    ...square,
    [`${prefix}.ffn_norm.weight`, [WIDTH]],
    [`${prefix}.ffn_gate.weight`, [WIDTH, HIDDEN]],
    [`${prefix}.ffn_up.weight`, [WIDTH, HIDDEN]],
    [`${prefix}.ffn_down.weight`, [HIDDEN, WIDTH]],
  ]
}

/** Norms are 1; everything else lies between -0.5 and 0.5. */
function floats(shape, next) {
  const count = shape.reduce((product, size) => product * size, 1)
  const buffer = Buffer.alloc(count * 4)
  for (let index = 0; index < count; index++) buffer.writeFloatLE(shape.length === 1 ? 1 : next() - 0.5, index * 4)
  return buffer
}

/** Lehmer's generator: the same seed gives the same file. */
function random(seed) {
  let state = (seed % 2_147_483_646) + 1
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647
}

function padded(buffer) {
  return Buffer.concat([buffer, Buffer.alloc((ALIGNMENT - (buffer.length % ALIGNMENT)) % ALIGNMENT)])
}

function valueOf(type, value) {
  switch (type) {
    case UINT32:
      return u32(value)
    case INT32: {
      const buffer = Buffer.alloc(4)
      buffer.writeInt32LE(value)
      return buffer
    }
    case FLOAT32: {
      const buffer = Buffer.alloc(4)
      buffer.writeFloatLE(value)
      return buffer
    }
    case BOOL:
      return Buffer.from([value ? 1 : 0])
    case STRING:
      return string(value)
    default:
      return Buffer.concat([u32(value.type), u64(value.items.length), ...value.items.map((item) => valueOf(value.type, item))])
  }
}

function u32(value) {
  const buffer = Buffer.alloc(4)
  buffer.writeUInt32LE(value)
  return buffer
}

function u64(value) {
  const buffer = Buffer.alloc(8)
  buffer.writeBigUInt64LE(BigInt(value))
  return buffer
}

function string(text) {
  const bytes = Buffer.from(text)
  return Buffer.concat([u64(bytes.length), bytes])
}

const [, script, file, seed] = process.argv
if (script !== undefined && import.meta.url === pathToFileURL(script).href) writeModel(file ?? 'random.gguf', Number(seed ?? 1))
