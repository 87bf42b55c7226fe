package roster

// Catalogue is every key with its Chinese and its English words.
func Catalogue() map[string][2]string {
	out := make(map[string][2]string, len(catalogue))
	for key, w := range catalogue {
		out[key] = [2]string{w.zh, w.en}
	}
	return out
}
