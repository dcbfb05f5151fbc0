import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** For the tests: a real nginx on a port of its own on loopback, with all its files in a temporary folder. */
export async function startNginx() {
  const folder = mkdtempSync(join(tmpdir(), 'nginx-'))
  const url = `http://127.0.0.1:${await freePort()}`
  writeFileSync(join(folder, 'nginx.conf'), configFor(folder, new URL(url).host))
  const nginx = spawn('nginx', ['-p', folder, '-c', join(folder, 'nginx.conf'), '-e', 'stderr'], { stdio: 'ignore' })
  const ended = once(nginx, 'exit')
  const stop = async () => {
    nginx.kill('SIGTERM')
    await ended
    rmSync(folder, { recursive: true })
  }
  while (nginx.exitCode === null) {
    if (await fetch(url).then(() => true, () => false)) return { url, status: `${url}/nginx_status`, stop }
    await sleep(20)
  }
  throw new Error(`nginx ended with ${nginx.exitCode}`)
}

function configFor(folder: string, address: string): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
  for (const kind of temporary) mkdirSync(join(folder, kind))
  return `
daemon off;
worker_processes 1;
pid ${folder}/nginx.pid;
events {}
http {
  access_log off;
  ${temporary.map((kind) => `${kind}_temp_path ${folder}/${kind};`).join(' ')}
  server {
    listen ${address};
    location = /nginx_status { stub_status; }
    location / { return 200 'hello'; }
  }
}
`
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}
