// Who is drawn to propose, read from an Epoch account and computed apart from the program.
import { PublicKey } from '@solana/web3.js'
import { sha256, tag } from './ledger.ts'
import { u32, u64 } from './network.ts'
import type { World } from './world.ts'

export function drawProposer(world: World, epoch: PublicKey): PublicKey {
  const round = world.integer('Epoch', epoch, 'round')
  const seed = Buffer.from(String(world.read('Epoch', epoch, 'seed')), 'hex')
  const count = Number(world.integer('Epoch', epoch, 'seat_count'))
  const places = Array.from({ length: count }, (_, place) => place)
  const weights = places.map((place) => world.integer('Epoch', epoch, `seats.${place}.weight`))
  const total = weights.reduce((sum, weight) => sum + weight, 0n)
  const hash = Buffer.from(sha256(tag('pw/proposer'), seed, u64(round), u32(0)))
  let left = hash.readBigUInt64LE() % total
  const drawn = places.find((place) => {
    left -= weights[place] ?? 0n
    return left < 0n
  })
  return new PublicKey(String(world.read('Epoch', epoch, `seats.${drawn ?? 0}.vote_key`)))
}
