import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { redactor } from './redact-text.js'

const redact = redactor([])
// Put together here, so that no scanner takes them for real ones.
const aws = ['AKIA', 'IOSFODNN7EXAMPLE'].join('')
const jwt = ['eyJhbGciOiJIUzI1NiJ9', 'eyJzdWIiOiIxMjM0NTY3ODkwIn0', 'dozjgNryP4J3jVmNHl0w5N'].join('.')

describe('redactor', () => {
  it.each([
    ['AWS', `id ${aws} end`, 'id [secret] end'],
    ['JWT', `token ${jwt} end`, 'token [secret] end'],
    ['GitHub', `ghp_${'a1'.repeat(18)}`, '[secret]'],
    ['OpenAI', `sk-proj-${'Ab3'.repeat(10)}`, '[secret]'],
    ['a password in an address', 'postgres://admin:hunter2@db/x', 'postgres://[secret]@db/x'],
    ['a bearer', 'Authorization: Bearer abc.def-123', 'Authorization: Bearer [secret]'],
    ['an assignment', 'PGPASSWORD=hunter2 psql', 'PGPASSWORD=[secret] psql'],
    ['JSON', '{"api_key": "hunter2"}', '{"api_key": "[secret]"}'],
    ['a private key', '-----BEGIN RSA PRIVATE KEY----- MIIB -----END RSA PRIVATE KEY----- x', '[secret] x'],
    ['looks', 'x Zm9vYmFyYmF6cXV4MTIzNDU2Nzg5MEFCQ0RFRkdISUpLTE1O y', 'x [secret] y'],
  ])('masks %s', (_what, text, masked) => {
    expect(redact(text)).toBe(masked)
  })

  it.each(['vm.swappiness = 60', 'net.ipv4.tcp_rmem 4096 131072 6291456', 'the tokens: 12', '{"max_tokens": 1234, "token": null, "secret": true}', 'dm-0 nvme0n1 enp3s0f0'])(
    'leaves %s as it is',
    (text) => {
      expect(redact(text)).toBe(text)
    },
  )

  it('masks the key in use, whatever it looks like', () => {
    expect(redactor(['plain-key'])('you sent plain-key: no')).toBe('you sent [secret]: no')
  })

  it('leaves JSON readable', () => {
    fc.assert(
      fc.property(fc.json(), fc.string(), (json, text) => {
        expect(() => void JSON.parse(redact(json))).not.toThrow()
        expect(() => void JSON.parse(redact(JSON.stringify({ api_key: text, note: `password: ${text} token=${text}` })))).not.toThrow()
      }),
    )
  })

  it('takes no long time over a hostile text', () => {
    const began = performance.now()
    for (const piece of ['password', 'a.', 'eyJ', '-----BEGIN ', ' "', 'A1a', '://a:']) redact(piece.repeat(200_000 / piece.length))
    expect(performance.now() - began).toBeLessThan(3000)
  })
})
