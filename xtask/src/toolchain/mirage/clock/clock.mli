(** Nanoseconds from some start. *)
val elapsed : unit -> int64
