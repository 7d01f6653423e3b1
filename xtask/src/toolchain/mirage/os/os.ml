external arguments : unit -> string = "os_arguments"
external yield : int64 -> int64 = "os_yield"
external live_words : unit -> int = "os_live_words"
external block_size : string -> int = "os_block_size"
