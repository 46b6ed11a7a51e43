/// The version of every tool of this release, as CHANGELOG.md has it.
package let toteVersion = "0.1.0"
