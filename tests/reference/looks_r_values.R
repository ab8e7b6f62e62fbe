# Critical values of planned looks by R's package rpact, for tests/reference/test_looks_reference.py:
# Rscript looks_r_values.R > looks_r_values.json
suppressMessages(library(rpact))
levels <- c("0.9", "0.95", "0.99")
of <- function(boundary, level) sapply(2:10, function(looks) {
  alpha <- (1 - as.numeric(level)) / 2
  design <- getDesignGroupSequential(kMax = looks, typeOfDesign = boundary, alpha = alpha, sided = 1)
  design$criticalValues[looks]
})
all <- function(boundary) paste0(sapply(levels, function(level)
  sprintf('    "%s": [%s]', level, paste(sprintf("%.6f", of(boundary, level)), collapse = ", "))), collapse = ",\n")
cat(sprintf('{\n  "source": "R %s, rpact %s",\n  "pocock": {\n%s\n  },\n  "obrien-fleming": {\n%s\n  }\n}\n',
  getRversion(), packageVersion("rpact"), all("P"), all("OF")))
