// Package house holds the tests of the house itself: who imports whom, what is
// documented, how long a file may be, and that every name a package exports is
// one that its readers can use. CONTRIBUTING.md tells the same rules in words.
package house
