// The code that is put into a function.
//
// Fuel is in a local while a function runs, so that a loop needs no memory for it, and in the global whenever another
// function or the outside looks. A module's own trap leaves the global as it was there last: some fuel is not counted
// then, the same on every machine.
import type { Locals } from './immediates.ts'
import { type Float, NO_RESULT, OP, TYPE } from './opcodes.ts'
import { s64, u32 } from './writer.ts'

/** Fuel for eight bytes of bulk memory, as the shift that divides by it. */
const BULK_SHIFT = 3
/** Fuel for a new page, as a shift: as much as filling its 64 KiB. */
const PAGE_SHIFT = 13

/** Indices of the globals that are put behind the module's own. */
export interface Meters {
  readonly fuel: number
  readonly stack: number
  readonly pages: number
  readonly maxPages: number
}

/** Where fuel is looked at, the stack is too when a function is entered. */
export type Check = 'none' | 'fuel' | 'both'

/** All of it leaves the operands as they were, but for what it says. */
export class AddedCode {
  /** Index of the first local that is not the function's own. */
  firstLocal = 0
  readonly #meters: Meters
  /** By type, in the order in which they were asked for. */
  readonly #locals = new Map<number, number>()

  constructor(meters: Meters) {
    this.#meters = meters
  }

  /** To declare behind the function's own. */
  get locals(): readonly Locals[] {
    return [...this.#locals.keys()].map((type) => ({ count: 1, type }))
  }

  #local(type: number): number[] {
    const index = this.#locals.get(type) ?? this.#locals.size
    this.#locals.set(type, index)
    return u32(this.firstLocal + index)
  }

  /** Takes the values of a frame from the stack before a call, or gives them back after it. */
  frame(opcode: number, values: number): Uint8Array {
    return Uint8Array.from(add(this.#meters.stack, opcode, s64(values)))
  }

  /** Fuel from the local to the global: before a call, a return, and the end of a run. */
  save(): Uint8Array {
    return Uint8Array.from(this.#save())
  }

  /** And back, after a call. */
  load(): Uint8Array {
    return Uint8Array.from([OP.globalGet, ...u32(this.#meters.fuel), OP.localSet, ...this.#fuel()])
  }

  charge({ cost, check }: { readonly cost: number; readonly check: Check }): Uint8Array {
    const amount = [OP.i64Const, ...s64(cost), OP.i64Sub]
    if (check === 'none') {
      const fuel = this.#fuel()
      return Uint8Array.from(cost === 0 ? [] : [OP.localGet, ...fuel, ...amount, OP.localSet, ...fuel])
    }
    return Uint8Array.from(this.#take(amount, check))
  }

  /** Pays for as many bytes as the topmost operand says, and leaves it there. */
  chargeLength(): Uint8Array {
    const length = this.#local(TYPE.i32)
    const amount = [OP.localGet, ...length, OP.i64ExtendI32U, OP.i64Const, BULK_SHIFT, OP.i64ShrU, OP.i64Sub]
    return Uint8Array.from([OP.localSet, ...length, ...this.#take(amount), OP.localGet, ...length])
  }

  size(): Uint8Array {
    return Uint8Array.from([OP.globalGet, ...u32(this.#meters.pages)])
  }

  /** Instead of memory.grow: counts, for the memory is at its maximum from the start. */
  grow(): Uint8Array {
    const { pages, maxPages } = this.#meters
    const asked = this.#local(TYPE.i32)
    const [getAsked, getPages] = [
      [OP.localGet, ...asked],
      [OP.globalGet, ...u32(pages)],
    ]
    const amount = [...getAsked, OP.i64ExtendI32U, OP.i64Const, PAGE_SHIFT, OP.i64Shl, OP.i64Sub]
    const room = [OP.i32Const, ...s64(maxPages), ...getPages, OP.i32Sub]
    const no = [OP.i32Const, ...s64(-1)]
    const yes = [
      ...this.#take(amount),
      ...getPages,
      ...getPages,
      ...getAsked,
      OP.i32Add,
      OP.globalSet,
      ...u32(pages),
    ]
    return Uint8Array.from([
      ...[OP.localSet, ...asked, ...getAsked, ...room, OP.i32GtU],
      ...[OP.if, TYPE.i32, ...no, OP.else, ...yes, OP.end],
    ])
  }

  /** Makes the topmost operand the one NaN, if it is any. */
  canonicalise(float: Float): Uint8Array {
    const wide = float === 'f64'
    const value = this.#local(wide ? TYPE.f64 : TYPE.f32)
    const get = [OP.localGet, ...value]
    const nan = wide ? [OP.f64Const, 0, 0, 0, 0, 0, 0, 0xf8, 0x7f] : [OP.f32Const, 0, 0, 0xc0, 0x7f]
    const isNumber = [...get, ...get, wide ? OP.f64Eq : OP.f32Eq]
    return Uint8Array.from([OP.localTee, ...value, ...nan, ...isNumber, OP.select])
  }

  #fuel(): number[] {
    return this.#local(TYPE.i64)
  }

  #save(): number[] {
    return [OP.localGet, ...this.#fuel(), OP.globalSet, ...u32(this.#meters.fuel)]
  }

  /** Takes fuel, and ends the run when it or the stack is below zero. A function begins with what the global has. */
  #take(subtract: readonly number[], check: Check = 'fuel'): number[] {
    const fuel = this.#fuel()
    const entry = check === 'both'
    const before = entry ? [OP.globalGet, ...u32(this.#meters.fuel)] : [OP.localGet, ...fuel]
    const stack = entry ? [OP.globalGet, ...u32(this.#meters.stack), OP.i64Or] : []
    const below = [OP.localTee, ...fuel, ...stack, OP.i64Const, 0, OP.i64LtS]
    const stop = [...this.#save(), OP.unreachable]
    return [...before, ...subtract, ...below, OP.if, NO_RESULT, ...stop, OP.end]
  }
}

function add(global: number, opcode: number, amount: readonly number[]): number[] {
  const index = u32(global)
  return [OP.globalGet, ...index, OP.i64Const, ...amount, opcode, OP.globalSet, ...index]
}
