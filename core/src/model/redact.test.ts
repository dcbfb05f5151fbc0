import { describe, expect, test } from 'vitest'
import { redact } from './redact.js'

describe('redact', () => {
  test.each([
    ['a string', { api_key: 'hunter2' }, { api_key: '[secret]' }],
    ['a number', { password: 1234 }, { password: '[secret]' }],
    ['an object as a whole, names and all', { credentials: { hunter2: { user: 'a' } } }, { credentials: '[secret]' }],
    ['a list as a whole', { tokens: ['hunter2', 'hunter3'] }, { tokens: '[secret]' }],
    ['deep inside', { servers: [{ http: { headers: { Authorization: 'Bearer hunter2' } } }] }, { servers: [{ http: { headers: { Authorization: '[secret]' } } }] }],
  ])('hides %s under a name that speaks of a secret', (_, value, shown) => {
    expect(redact(value)).toEqual(shown)
  })

  test.each([
    ['http://user:hunter2@host:9090/metrics', 'http://[secret]@host:9090/metrics'],
    ['http://hunter2@host', 'http://[secret]@host'],
    ['http://user:p@hunter2@host/a@b', 'http://[secret]@host/a@b'],
    ['redis://:hunter2@[::1]:6379/0', 'redis://[secret]@[::1]:6379/0'],
    ['https://host/a?since=1&access_token=hunter2&b=2#c', 'https://host/a?since=1&access_token=[secret]&b=2#c'],
    ["curl 'https://u:hunter2@host/?apikey=hunter2' | wrk http://other", "curl 'https://[secret]@host/?apikey=[secret]' | wrk http://other"],
  ])('hides what an address carries: %s', (address, shown) => {
    expect(redact({ run: [address] })).toEqual({ run: [shown] })
  })

  test.each([
    ['PGPASSWORD=hunter2 pgbench', 'PGPASSWORD=[secret] pgbench'],
    ["PGPASSWORD='hunter 2' pgbench", "PGPASSWORD='[secret]' pgbench"],
    ['mysql -phunter2 -P 3306', 'mysql -p[secret] -P 3306'],
    ['tool --password=hunter2; tool --api-key hunter2 -v', 'tool --password=[secret]; tool --api-key [secret] -v'],
    ['curl -H "Authorization: Bearer hunter2" -H \'X-Api-Key: hunter2\' -u me:hunter2 http://host', 'curl -H "Authorization: Bearer [secret]" -H \'X-Api-Key: [secret]\' -u me:[secret] http://host'],
    ['curl -H "Cookie: sid=hunter2; b=hunter2" http://host', 'curl -H "Cookie: [secret]" http://host'],
    ['MYSQL_PWD=hunter2 REDISCLI_AUTH=hunter2 S3_KEY=hunter2 x', 'MYSQL_PWD=[secret] REDISCLI_AUTH=[secret] S3_KEY=[secret] x'],
    ['redis-benchmark -h host -a hunter2 -n 1000', 'redis-benchmark -h host -a [secret] -n 1000'],
    ['psql "host=db user=me password=hunter2"', 'psql "host=db user=me password=[secret]"'],
  ])('hides what a command carries: %s', (command, shown) => {
    expect(redact({ run: command })).toEqual({ run: shown })
  })

  test.each([
    [['tool', '--password', 'hunter2', '-v'], ['tool', '--password', '[secret]', '-v']],
    [['curl', '-u', 'me:hunter2', 'http://host'], ['curl', '-u', 'me:[secret]', 'http://host']],
    [['mysql', '-phunter2', '-P', '3306'], ['mysql', '-p[secret]', '-P', '3306']],
    [['tool', '--token', '--verbose'], ['tool', '--token', '--verbose']],
  ])('hides what the words of a command carry: %j', (command, shown) => {
    expect(redact({ run: command })).toEqual({ run: shown })
  })

  test.each(['cd /tmp/semantos-root-aB3dEf-gH4jKl/and/longer/than/forty', 'wrk -t2 -c100 -d30s -s /srv/wrk/latency.lua http://127.0.0.1:8080/', 'redis-benchmark -p 16379 -n 5000', 'ssh -p22 host', '/home/Me1/node_modules/.cache/process-AbC123/Some/Longer/Path/Than/Forty/service.mjs'])(
    'leaves a command without one as it is: %s',
    (command) => {
      expect(redact({ run: command })).toEqual({ run: command })
    },
  )

  test.each([
    [{ api_key_env: 'OPENAI_API_KEY', tokenEnv: 'TOKEN' }],
    [{ max_tokens_answer: 2000, price_per_million_tokens: { input: 3, output: 15 } }],
    [{ token: null, use_key: true }],
    [{ url: 'http://host:80/a@b?page=2', mail: 'me@host', when: new Date(0) }],
  ])('leaves what is none as it is: %j', (value) => {
    expect(redact(value)).toEqual(value)
  })
})
