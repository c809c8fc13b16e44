// One part of a Bluesky network of its own, for tests/clients/listening/test_bluesky_real.py:
//   node server.mjs plc PORT                 the directory of accounts, in memory
//   node server.mjs pds PORT PLC_URL FOLDER  a server of accounts, whose store outlives it
//   node server.mjs network PORT VIEW_PORT   all of it: with the service that searches, in DB_POSTGRES_URL and REDIS_HOST
// REMPART_TEST_ATPROTO names the folder in which @atproto/dev-env is installed. Says "ready" once it listens.
import { createRequire } from 'node:module'
import path from 'node:path'
import process from 'node:process'
import { pathToFileURL } from 'node:url'

const require = createRequire(path.join(process.env.REMPART_TEST_ATPROTO, 'package.json'))
const { TestNetwork, TestPds, TestPlc, mockResolvers } = await import(pathToFileURL(require.resolve('@atproto/dev-env')))

const [role, port, plcUrl, folder] = process.argv.slice(2)
if (role === 'plc') {
  await TestPlc.create({ port: Number(port) })
} else if (role === 'network') {
  const viewPort = Number(plcUrl)
  await TestNetwork.create({ dbPostgresSchema: 'rempart', pds: { port: Number(port) }, bsky: { port: viewPort } })
} else {
  const pds = await TestPds.create({
    port: Number(port),
    didPlcUrl: plcUrl,
    dataDirectory: folder,
    blobstoreDiskLocation: path.join(folder, 'blobs'),
    plcRotationKeyK256PrivateKeyHex: '7e'.repeat(32), // the same each time: a restarted server is the same server
  })
  mockResolvers(pds.ctx.idResolver, pds)
}
console.log('ready')
