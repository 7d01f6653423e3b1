(* the functions of libm *)
let () = Bench.run "libm" (fun () ->
  let s = ref 0. in
  for i = 1 to 3_000_000 do
    let x = float i *. 1.37e-3 in
    s := !s +. sin x +. cos (x *. 1.1) +. exp (-. x *. 1e-3) +. log x +. atan2 x 3.
       +. Float.pow x 0.37 +. Float.rem x 1.7 +. tanh (x *. 1e-3) +. Float.cbrt x
       +. Float.log2 x +. Float.erf (x *. 1e-3) +. floor x +. Float.fma x 1.5 0.25
  done;
  Printf.sprintf "%.8e" !s)
