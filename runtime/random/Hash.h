//===- Hash.h - Names of streams, and hashes of results ---------*- C++ -*-===//
//
// The hashes of random.md: the 32-bit name of a random stream, and the
// order-free 64-bit hashes by which two runs are compared.
//
//===----------------------------------------------------------------------===//

#ifndef SYNFIRE_RUNTIME_RANDOM_HASH_H
#define SYNFIRE_RUNTIME_RANDOM_HASH_H

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace synfire::runtime {

/// FNV-1a over the bytes of \p text; \p start continues an earlier hash.
inline uint32_t fnv1a32(std::string_view text, uint32_t start = 2166136261u) {
  uint32_t hash = start;
  for (char c : text)
    hash = (hash ^ static_cast<unsigned char>(c)) * 16777619u;
  return hash;
}

/// The last counter word of a stream: the hash of `name#purpose`.
inline uint32_t streamHash(std::string_view name, std::string_view purpose) {
  return fnv1a32(purpose, fnv1a32("#", fnv1a32(name)));
}

/// One output of the splitmix64 generator whose state is \p x.
inline uint64_t splitmix64(uint64_t x) {
  x += 0x9e3779b97f4a7c15u;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
  return x ^ (x >> 31);
}

/// What one spike adds to a spike hash (the sum modulo 2^64 over all spikes).
inline uint64_t spikeHash(uint64_t step, uint32_t neuron) {
  return splitmix64((step << 32) + neuron);
}

/// What one connection adds to a weight hash (the sum modulo 2^64 over all
/// connections); \p weight is the value that the program uses.
inline uint64_t weightHash(uint32_t pre, uint32_t post, double weight) {
  uint64_t bits;
  std::memcpy(&bits, &weight, sizeof(bits));
  return splitmix64(bits ^ splitmix64((uint64_t(pre) << 32) + post));
}

/// The 16 hexadecimal digits in which hashes are printed.
inline std::string hashText(uint64_t hash) {
  std::string text(16, '0');
  for (int i = 15; i >= 0; --i, hash >>= 4)
    text[i] = "0123456789abcdef"[hash & 15];
  return text;
}

} // namespace synfire::runtime

#endif // SYNFIRE_RUNTIME_RANDOM_HASH_H
