module convbook

go 1.26
