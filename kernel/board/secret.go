package main

import (
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"errors"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"time"

	"convbook/pkg/system/atomicfile"
)

// secret is what a board's certificate and token are made from, so that a board that is
// started again in the same folder is the one that its line names.
type secret []byte

const seedFile = "seed"

// openSecret reads the seed, or makes one.
func openSecret(path string) (secret, error) {
	seed, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		seed = make([]byte, 32)
		rand.Read(seed)
		seed = []byte(hex.EncodeToString(seed))
		err = atomicfile.WritePrivate(path, seed)
	}
	if err == nil && len(seed) < 32 {
		err = fmt.Errorf("%s is too short for a secret; remove it, and the board makes another", filepath.Base(path))
	}
	return secret(seed), err
}

func (s secret) derive(purpose string) []byte {
	mac := hmac.New(sha256.New, s)
	mac.Write([]byte("convbook " + purpose))
	return mac.Sum(nil)
}

func (s secret) token() string { return hex.EncodeToString(s.derive("token")[:16]) }

// stop is the word that ends the board.
func (s secret) stop() string { return hex.EncodeToString(s.derive("stop")) }

// certificate makes the board's certificate, and the pin of its key.
func (s secret) certificate() (tls.Certificate, []byte, error) {
	key := ed25519.NewKeyFromSeed(s.derive("certificate"))
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "convbook board"},
		NotBefore: time.Now().Add(-24 * time.Hour), NotAfter: time.Now().AddDate(10, 0, 0), KeyUsage: x509.KeyUsageDigitalSignature}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return tls.Certificate{}, nil, err
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		return tls.Certificate{}, nil, err
	}
	pin := sha256.Sum256(leaf.RawSubjectPublicKeyInfo)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, pin[:], nil
}
