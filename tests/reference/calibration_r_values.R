# Values for tests/reference/test_calibration_reference.py. Run in this folder: Rscript calibration_r_values.R
# Written by R 4.2.2 with survey 4.1.1.
#
# The surveys are made by rules of whole numbers, which Python repeats: no random numbers, no files. Raking is
# calibrate(calfun="raking"), whose residuals come from a regression weighted by the base weights, as those of
# all other ways do; rake() leads to the same weights, but takes residuals by ten rounds of unweighted means, so
# that only its weights are compared (and its standard errors where base weights are equal).
suppressMessages(library(survey)); options(digits=17)
show <- function(x) {
  if (is.list(x)) return(paste0("{", paste0('"', names(x), '": ', sapply(x, show), collapse=",\n"), "}"))
  if (is.character(x)) return(paste0('"', x, '"'))
  digits <- paste(sprintf("%.17g", unname(x)), collapse=", ")
  if (length(x) == 1) digits else paste0("[", digits, "]")
}
number <- function(x) unname(as.numeric(x))
out <- list(versions=list(R=R.version.string, survey=as.character(packageVersion("survey"))))

# 96 respondents (R can't calibrate weights of 0, and has those respondents taken out: no cluster is lost): answers 1 to 5, age in three labels, home in two, income, a domain, 24 clusters in 4 strata
i <- 0:95
data <- data.frame(id=i, age=c("a", "b", "c")[1 + ((i * 5 + i %/% 4) %% 7) %% 3], home=c("city", "county")[1 + ((i * i) %% 11) %% 2],
  income=10 + (i * 17) %% 23, g=c("x", "y", "z")[1 + ((i * 11 + i %/% 5) %% 13) %% 3], cluster=i %/% 4, stratum=i %/% 24,
  w=1 + ((i * 7) %% 5) / 2, equal=1)
data$y <- pmin(5, pmax(1, 1 + (i * i + 3 * i + i %/% 7) %% 5 + (data$age == "a") - (data$home == "city")))
data$zeros <- ifelse(i %% 19 == 3, 0, data$w)
for (name in c("w", "equal", "zeros")) data[[name]] <- data[[name]] * 192 / sum(data[[name]])
data$drawn <- c(12, 20, 9, 40)[1 + data$stratum]; data$size <- 5 + data$cluster %% 4
data$alone <- ifelse(data$cluster == 23, 4, data$stratum)
age <- data.frame(age=c("a", "b", "c"), Freq=c(80, 70, 42)); home <- data.frame(home=c("city", "county"), Freq=c(90, 102))
cells <- data.frame(age=rep(age$age, 2), home=rep(home$home, each=3), Freq=c(35, 30, 25, 45, 40, 17))
two <- c(`(Intercept)`=192, ageb=70, agec=42, homecounty=102); three <- c(two, income=192 * 21.5)
raked <- function(d, totals=two, formula=~age + home, ...) calibrate(d, formula, totals, calfun="raking", maxit=500, epsilon=1e-14, ...)
ways <- list(
  one_margin=function(d) postStratify(d, ~age, age), cells=function(d) postStratify(d, ~age + home, cells), raking=raked,
  linear=function(d) calibrate(d, ~age + home, two), greg=function(d) calibrate(d, ~age + home + income, three),
  raking_income=function(d) raked(d, three, ~age + home + income),
  ratio=function(d) calibrate(d, ~income - 1, c(income=192 * 21.5)),
  logit=function(d) calibrate(d, ~age + home, two, calfun="logit", bounds=c(.4, 2.2), maxit=500, epsilon=1e-14))
design <- function(...) svydesign(data=data, nest=TRUE, ...)
designs <- list(
  plain=design(ids=~1, weights=~w), equal=design(ids=~1, weights=~equal), strata=design(ids=~1, strata=~stratum, weights=~w),
  clusters=design(ids=~cluster, strata=~stratum, weights=~w), finite=design(ids=~cluster, strata=~stratum, weights=~w, fpc=~drawn),
  two_stages=design(ids=~cluster + id, strata=~stratum, weights=~w, fpc=~drawn + size),
  zeros=svydesign(ids=~cluster, strata=~stratum, weights=~zeros, data=data[data$zeros > 0, ], nest=TRUE))
# svyby(covmat=TRUE) of survey 4.1.1 stops at calibrated designs; covariances are those of the totals of the
# linearised domain means, and of jackknifed ones those that svyby does give.
covariances <- function(d) {
  if (inherits(d, "svyrep.design")) return(number(vcov(svyby(~y, ~g, d, svymean, covmat=TRUE))))
  w <- weights(d, "sampling"); y <- d$variables$y; g <- d$variables$g
  for (name in unique(g)) d$variables[[paste0("u_", name)]] <- (g == name) * (y - weighted.mean(y[g == name], w[g == name])) / sum(w[g == name])
  number(vcov(svytotal(~u_x + u_y + u_z, d)))
}
figures <- function(d) {
  m <- svymean(~y, d); share <- svymean(~I(y >= 4), d); by <- svyby(~y, ~g, d, svymean)
  list(mean=number(coef(m)), se=number(SE(m)), share=number(coef(share))[2], share_se=number(SE(share))[2],
    domains=number(coef(by)), domains_se=number(SE(by)), covariances=covariances(d))
}
out$designs <- lapply(designs, function(d) lapply(ways, function(way) figures(way(d))))
out$weights <- lapply(ways, function(way) number(weights(way(designs$clusters), "sampling")))

# rake(), by rounds; and its own standard error where base weights are equal
rounds <- function(d) rake(d, list(~age, ~home), list(age, home), control=list(maxit=500, epsilon=1e-14))
suppressWarnings(out$rake <- list(weights=number(weights(rounds(designs$clusters), "sampling")), equal=figures(rounds(designs$equal))))

# A stratum with one cluster
lonely <- list()
for (option in c("certainty", "adjust", "average")) {
  options(survey.lonely.psu=option)
  lonely[[option]] <- figures(raked(design(ids=~cluster, strata=~alone, weights=~w)))
}
out$lonely <- lonely; options(survey.lonely.psu="fail")

# Weights that were calibrated elsewhere: the regression weighted by the calibrated weights themselves
given <- transform(data, w=number(weights(raked(designs$clusters), "sampling")))
out$given <- figures(raked(svydesign(ids=~cluster, strata=~stratum, weights=~w, data=given, nest=TRUE)))

# The jackknife, one cluster of a stratum left out, each replicate calibrated
jackknife <- lapply(c(about_mean=FALSE, about_estimate=TRUE), function(mse) as.svrepdesign(designs$clusters, type="JKn", mse=mse))
out$jackknife <- lapply(jackknife, function(d) lapply(ways[names(ways) != "cells"], function(way) figures(way(d))))
writeLines(show(out), "calibration_r_values.json")
