/// Names for containers that got none: an adjective and a surname.
enum ContainerName {
  /// A random name; later attempts, when names were taken, get a digit as docker gives them.
  static func random(attempt: Int) -> String {
    while true {
      let adjective = adjectives[Int.random(in: adjectives.indices)], surname = surnames[Int.random(in: surnames.indices)]
      // Steve Wozniak is not boring, says docker.
      if adjective == "boring", surname == "wozniak" { continue }
      return "\(adjective)_\(surname)" + (attempt > 0 ? String(Int.random(in: 0...9)) : "")
    }
  }

  private static let adjectives = [
    "able", "agile", "airy", "amber", "ample", "apt", "ardent", "arctic", "autumn", "balmy", "bold", "boring", "brave", "breezy", "brisk",
    "calm", "candid", "careful", "cheery", "civil", "clear", "clever", "cosmic", "crisp", "curious", "daring", "deft", "diligent", "dreamy",
    "eager", "early", "earnest", "easy", "elated", "exact", "fair", "fearless", "fleet", "fluent", "frank", "fresh", "gentle", "glad",
    "golden", "graceful", "happy", "hardy", "hearty", "helpful", "honest", "hopeful", "humble", "jolly", "jovial", "joyful", "keen", "kind",
    "lively", "lucid", "lucky", "mellow", "merry", "mindful", "modest", "neat", "nimble", "noble", "open", "patient", "plucky", "polite",
    "proud", "quick", "quiet", "radiant", "rapid", "ready", "serene", "sharp", "silent", "sincere", "smart", "solid", "spry", "stable",
    "steady", "stoic", "sturdy", "sunny", "swift", "tender", "thorough", "tidy", "tranquil", "trusty", "upbeat", "valiant", "vivid", "warm",
    "wise", "witty", "zealous",
  ]

  private static let surnames = [
    "abel", "agnesi", "ampere", "archimedes", "avogadro", "babbage", "banach", "bell", "bernoulli", "bohr", "boltzmann", "boole", "born",
    "brahe", "cantor", "carnot", "cauchy", "celsius", "chandrasekhar", "copernicus", "coulomb", "curie", "dalton", "darwin", "descartes",
    "diophantus", "dirac", "doppler", "einstein", "euclid", "euler", "fahrenheit", "faraday", "fermat", "fermi", "feynman", "fibonacci",
    "fourier", "franklin", "galileo", "galois", "gauss", "germain", "goedel", "goldberg", "haldane", "halley", "hamilton", "heisenberg",
    "hertz", "hilbert", "hopper", "hubble", "huygens", "hypatia", "johnson", "joule", "kelvin", "kepler", "khwarizmi", "kovalevskaya",
    "lagrange", "lamarr", "laplace", "lavoisier", "leibniz", "linnaeus", "lovelace", "mach", "maxwell", "meitner", "mendel", "mendeleev",
    "mirzakhani", "newton", "nightingale", "noether", "ohm", "oppenheimer", "pascal", "pasteur", "pauli", "planck", "poincare", "ptolemy",
    "pythagoras", "ramanujan", "riemann", "rutherford", "sagan", "salk", "schrodinger", "shannon", "somerville", "tesla", "thales",
    "torvalds",
    "turing", "volta", "wallace", "watt", "wiles", "wozniak", "wu", "yalow",
  ]
}
