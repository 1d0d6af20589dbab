"""Interest on what is paid late, letters that bill it (STRD), and arrears."""
