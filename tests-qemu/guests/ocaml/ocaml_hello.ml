(* The smallest OCaml program, in as little memory as it has to do with.
 *
 * @expect Hello, World
 * @case spt
 * @machines spt
 * @mem 5
 * @case machine
 * @machines hvt virtio virtio-smp xen
 * @models
 * @mem 6
 *)

let () = print_endline "Hello, World"
