package homeassistant

import "testing"

func TestMediaFolder(t *testing.T) {
	for _, test := range []struct {
		writable []string
		want     string // "" for an error
	}{
		{[]string{"/config/www", "/media"}, "/media"},
		{[]string{"/nas/photos", "/config/media", "/config/www"}, "/config/media"},
		{[]string{"/config/www", "/nas/photos"}, "/nas/photos"},
		{[]string{"/config/www"}, ""}, // everybody may look there
		{nil, ""},
	} {
		got, err := mediaFolder(test.writable)
		if got != test.want || (err == nil) != (test.want != "") {
			t.Errorf("of %q: %q, %v, want %q", test.writable, got, err, test.want)
		}
	}
}
