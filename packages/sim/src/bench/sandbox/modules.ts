// What the sandbox is timed with.
import { wat } from '../../wasm/wat.ts'

/** Eight operations a round, in a chain. */
export const MIXING = (rounds: number): Uint8Array<ArrayBuffer> =>
  wat(`(module (memory 1) (func (export "run") (local $i i32) (local $x i32)
    (loop $again
      (local.set $x (i32.xor (i32.mul (local.get $x) (i32.const 1664525)) (i32.rotl (local.get $x) (i32.const 13))))
      (br_if $again (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const ${rounds}))))
    (i32.store (i32.const 0) (local.get $x))))`)

/** Primes up to ten million: an inner loop of one store. */
export const SIEVE: Uint8Array<ArrayBuffer> =
  wat(`(module (memory 160) (func (export "run") (local $i i32) (local $j i32)
    (local.set $i (i32.const 2))
    (loop $next
      (if (i32.eqz (i32.load8_u (local.get $i))) (then
        (local.set $j (i32.mul (local.get $i) (i32.const 2)))
        (block $done (loop $mark
          (br_if $done (i32.ge_u (local.get $j) (i32.const 10000000)))
          (i32.store8 (local.get $j) (i32.const 1))
          (local.set $j (i32.add (local.get $j) (local.get $i)))
          (br $mark)))))
      (br_if $next (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 3200))))))`)

/** A series, with a division a round. */
export const FLOATS: Uint8Array<ArrayBuffer> =
  wat(`(module (memory 1) (func (export "run") (local $i i32) (local $x f64) (local $sum f64)
    (loop $again
      (local.set $x (f64.add (f64.mul (local.get $x) (f64.const 0.5)) (f64.const 1.25)))
      (local.set $sum (f64.add (local.get $sum) (f64.div (local.get $x) (f64.convert_i32_u (local.get $i)))))
      (br_if $again (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 20000000))))
    (f64.store (i32.const 0) (local.get $sum))))`)

/** Fibonacci numbers by definition: nothing but calls. */
export const RECURSION: Uint8Array<ArrayBuffer> = wat(`(module (memory 1)
    (func $f (param i32) (result i32) (if (result i32) (i32.lt_u (local.get 0) (i32.const 2))
      (then (local.get 0))
      (else (i32.add (call $f (i32.sub (local.get 0) (i32.const 1))) (call $f (i32.sub (local.get 0) (i32.const 2)))))))
    (func (export "run") (i32.store (i32.const 0) (call $f (i32.const 35)))))`)
