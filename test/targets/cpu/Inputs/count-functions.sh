# Prints the functions of a circuit of 254 populations, if they are those of one: PYTHON populations.py KIND FOLDER
set -e
for count in 1 254; do
  "$1" "$2" "$count" "$3" >"$4/$3$count.syn"
  synfire build "$4/$3$count.syn" --emit llvm -O 0 -o "$4/$3$count.ll"
  grep "^define" "$4/$3$count.ll" >"$4/$3$count.txt"
done
diff "$4/$3"1.txt "$4/$3"254.txt
cat "$4/$3"254.txt
