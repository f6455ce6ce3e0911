//go:build !unix

package private

import "io/fs"

// Elsewhere the user's cache and the temporary files are the user's own.

func isOwn(fs.FileInfo) bool { return true }

func othersCanWrite(fs.FileInfo) bool { return false }

func restrict(string) error { return nil }

func ownerOf(fs.FileInfo) int { return 0 }

func strangersCanWrite(fs.FileInfo) bool { return false }
