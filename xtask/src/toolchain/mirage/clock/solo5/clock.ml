external elapsed : unit -> int64 = "caml_get_monotonic_time"
