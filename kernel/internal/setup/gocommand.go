package setup

// GoCommand returns the go command that builds the repository at root, and the
// environment that it is run in: the user's own, without what would make it build
// something else.
func GoCommand(root string) (path string, env []string, err error) {
	if path, err = findGo(); err != nil {
		return "", nil, err
	}
	env, _, err = goEnvironment(path, root)
	return path, env, err
}
