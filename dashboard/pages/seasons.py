"""x"""

from dashboard.shell.page import open_page

if __name__ == "__main__":
    open_page("seasons")
