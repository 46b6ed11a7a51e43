internal import Glibc

/// log2(3).
package func binaryLogarithm(_ value: Double) -> Double { log2(value) }

/// pow(3) of 10.
package func powerOfTen(_ exponent: Double) -> Double { pow(10, exponent) }
