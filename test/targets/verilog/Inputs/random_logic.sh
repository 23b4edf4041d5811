# Random logic through the compiler and a simulator: random_logic.sh PYTHON SCRIPT FOLDER FIRST LAST
set -eu
for seed in $(seq "$4" "$5"); do
  folder=$3/$seed
  mkdir -p "$folder"
  "$1" "$2" "$seed" "$folder"
  for passes in --rtl --rtl-legalize; do
    synfire-opt "$folder/logic.mlir" $passes --emit-verilog=folder="$folder" -o /dev/null
    defines=
    grep -q "input  wire clk" "$folder/random_logic.v" && defines=-DCLOCKED
    grep -q " m_q;" "$folder/random_logic.v" && defines="$defines -DREADS"
    iverilog -g2005 $defines -o "$folder/bench" "$folder/bench.v" "$folder/random_logic.v"
    (cd "$folder" && ./bench) | sed "s/^/seed $seed, $passes: /"
    # What the passes have not folded may compare with limits; all else must be clean.
    if [ $passes = --rtl ]; then
      verilator --lint-only -Wall "$folder/random_logic.v" 2>&1 | sed "s/^/seed $seed: /"
    fi
  done
done
